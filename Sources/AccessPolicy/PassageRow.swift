/// One line of the passage state, as it is kept over a restart.
public struct PassageRow: Hashable, Sendable {
  /// Before the credential of a row that is a suspension.
  public static let suspendedPrefix = "suspended:"
  /// Before the reader's name of a row that tells of wrong PINs.
  public static let lockoutPrefix = "lockout:"
  /// In ``uses`` of such a row: the reader takes no PIN.
  public static let locked = 1_000_000

  /// ``CredentialKey/storedText``, or `area:NAME` for the passages through an area that nobody's credential
  /// stands for.
  public var credential: String
  /// The areas known about, `;` between: `garage` is inside, `-garage` is known to be outside.
  public var areas: String
  /// Of a suspension its end, 0 where it has ended. Otherwise Unix milliseconds of the last passage, or the entry's `valid_from` where that is later.
  public var at: Int64
  /// Passages counted; for an area the entries less the exits without a credential; of a reader the wrong PINs in a row, or
  /// ``locked``.
  public var uses: Int

  public init(credential: String, areas: String, at: Int64, uses: Int) {
    self.credential = credential
    self.areas = areas
    self.at = at
    self.uses = uses
  }
}
