/// The bounds and times of the serial readers.
public enum ReadersLimits {
  /// The longest code that a scanner may print, in bytes.
  public static var codeBytes: Int { 200 }
  /// A code whose end has not come after so long is dropped: half a code is no code.
  public static var codeMilliseconds: UInt64 { 500 }
  /// Readings that wait for the controller; more are dropped.
  public static var waiting: Int { 16 }
  /// A reading that has waited longer is not asked any more: whoever held the card may have gone.
  public static var staleMilliseconds: UInt64 { 3_000 }
  /// How long the controller may take to answer.
  public static var decisionMilliseconds: UInt64 { 2_000 }
  /// The pause before a line that is gone is opened again.
  public static var reopenMilliseconds: UInt64 { 1_000 }

  /// OSDP: from one poll of a reader to its next.
  public static var pollMilliseconds: UInt64 { 50 }
  /// OSDP: from a command to its reply.
  public static var replyMilliseconds: UInt64 { 200 }
  /// The same command is sent so often before the session is begun anew.
  public static var tries: Int { 3 }
  /// The pause before a session is begun anew; a reader back from a reboot is served within 2 s.
  public static var sessionMilliseconds: UInt64 { 500 }
  /// The same pause for a reader that is offline.
  public static var awayMilliseconds: UInt64 { 1_000 }
  /// Silence after which a reader is told to be offline.
  public static var offlineMilliseconds: UInt64 { 8_000 }
  /// The largest frame that is taken.
  public static var frameBytes: Int { 1_440 }
  /// The longest card, in bits.
  public static var cardBits: Int { 256 }
  public static var pinDigits: Int { 12 }
  /// A digit that comes later than this begins a new PIN.
  public static var pinMilliseconds: UInt64 { 10_000 }
  /// The longest window in which plain text and the default key are spoken.
  public static var installSeconds: Int { 900 }
}
