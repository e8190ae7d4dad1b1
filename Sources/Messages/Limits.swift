/// The bounds of what is taken from a wire. Everything longer, deeper or larger is refused with a reason.
public enum MessageLimits {
  /// The longest JSON line on a socket, in bytes without its line feed.
  public static var lineBytes: Int { 64 << 10 }
  /// How many arrays and objects may stand in one another.
  public static var depth: Int { 24 }
  /// The largest payload taken from the broker, in bytes.
  public static var payloadBytes: Int { 4 << 20 }
  /// The most records one log batch or one pull may ask for.
  public static var batchRecords: Int { 5_000 }
  /// The most parts that one list version may come in.
  public static var listParts: Int { 1_024 }
  /// The highest version that an allow-list may have: so far that nobody counts there, and so low that one more is
  /// still a number.
  public static var listVersion: Int64 { 1 << 48 }
  /// The most candidates one reading may name.
  public static var candidates: Int { 16 }
  /// The most characters of a plate that one reading may tell the sureness of.
  public static var characters: Int { 32 }
  /// Ids, names, tracks and references: the longest, in UTF-8 bytes.
  public static var nameBytes: Int { 256 }
}
