/// Every bound of the access decision, in one place.
public enum PolicyLimits {
  /// Bytes of a credential's normal form in UTF-8.
  public static var credentialBytes: Int { @_noLocks get { 64 } }
  /// Bytes of a credential as it arrives; a longer one is refused unread.
  public static var credentialTextBytes: Int { @_noLocks get { 256 } }
  /// Characters of a plate's normal form.
  public static var plateCharacters: Int { @_noLocks get { 16 } }
  /// Bits of a card given raw.
  public static var rawCardBits: Int { @_noLocks get { 160 } }
  /// Digits of a PIN.
  public static var pinDigits: ClosedRange<Int> { 3...16 }
  /// Other readings that a camera may offer with its first one.
  public static var candidates: Int { @_noLocks get { 4 } }
  /// Rows of one allow-list.
  public static var rows: Int { @_noLocks get { 2_000_000 } }
  /// Bytes of a list in memory and in its image: what a place of 32 bits can name.
  public static var imageBytes: Int { @_noLocks get { 1 << 32 } }
  /// Bytes of one record of an allow-list file, line ends inside quotes included.
  public static var lineBytes: Int { @_noLocks get { 4096 } }
  /// Bytes of a holder's name in UTF-8.
  public static var holderBytes: Int { @_noLocks get { 200 } }
  /// Faults of an allow-list that are told one by one; those beyond are counted.
  public static var faultsTold: Int { @_noLocks get { 1000 } }
  /// Groups of one site: the bits of a row's set of groups.
  public static var groups: Int { @_noLocks get { 256 } }
  /// The greatest number of passages that `uses` may allow.
  public static var uses: Int { @_noLocks get { 1_000_000 } }
  /// Results that one decision's trace may hold.
  public static var traceRules: Int { @_noLocks get { 32 } }
  /// Reads that each reader remembers for hold-off, track and escort.
  public static var readsOfReader: Int { @_noLocks get { 8 } }
  /// Grants that may wait for their passage; the oldest gives way.
  public static var pendingPassages: Int { @_noLocks get { 128 } }
  /// How long a grant that waits makes a further showing of its credential the same presence, in seconds: the machine
  /// ends every grant, and where its word were lost nobody is to stand before a door for ever.
  static var waitingSeconds: UInt64 { @_noLocks get { 600 } }
  /// Credentials whose area, time and uses are kept.
  public static var credentialStates: Int { @_noLocks get { 500_000 } }
  /// Of how many of these the one that passed longest ago gives way to a credential that is new.
  static var statesWeighed: Int { 64 }
  /// States that are counted anew at a time, when another list comes in force.
  public static var statesRecounted: Int { 1_024 }
  /// Wrong PINs in a row after which a reader is locked, and for how long in seconds (EN 60839-11-1: at most
  /// 5).
  public static var wrongPins: Int { @_noLocks get { 5 } }
  public static var lockoutSeconds: UInt64 { @_noLocks get { 60 } }
  /// How long a granted escort stands for one who may not go alone, in seconds.
  public static var escortSeconds: UInt64 { @_noLocks get { 15 } }
  /// How long a first factor, or the first of two persons, waits for the second where the site does not say, in
  /// seconds.
  public static var secondSeconds: UInt64 { @_noLocks get { 15 } }
  /// First factors and first persons that may wait at a time, all points together; the oldest gives way.
  public static var held: Int { @_noLocks get { 64 } }
  /// Credentials that may be suspended at a time.
  public static var suspensions: Int { @_noLocks get { 1_024 } }
  /// Groups whose members in an area are counted: named by a quota or as first in.
  public static var countedGroups: Int { @_noLocks get { 64 } }
  /// Entries with a similar plate that a tolerant match looks at before it calls the plate ambiguous.
  public static var similarPlates: Int { @_noLocks get { 4096 } }
}
