/// HQ's bounds.
public enum HQLimits {
  /// Records asked for in one pull.
  public static var pullRecords: Int64 { 5_000 }
  /// The same pull is not sent to one gateway again within this time.
  public static var pullMilliseconds: UInt64 { 3_000 }
  /// CSV bytes in one part of a list.
  public static var partBytes: Int { 256 << 10 }
  /// The largest list that is published.
  public static var listBytes: Int { 64 << 20 }
  /// How long a command may still be done after it was given.
  public static var commandMilliseconds: Int64 { 30_000 }
  /// How long `open` and `list publish` wait for the gateway's reply.
  public static var replyMilliseconds: UInt64 { 30_000 }
}
