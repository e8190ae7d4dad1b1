/// What a collector remembers of one gateway while it runs. Times are milliseconds of a clock that never jumps.
struct GatewayWatch {
  /// When it was heard, or when this collector began to listen.
  var heardAt: UInt64
  /// When it was asked who it is.
  var askedAt: UInt64?
  /// The last pull.
  var pulled: (after: Int64, at: UInt64)?
  /// How far it says that HQ has everything; nil before its birth was heard.
  var claimed: Int64?
  /// Where a birth was doubted and it was asked again: the seq that its log has to reach, and the pull's id.
  var doubt: (reach: Int64, pull: String)?
  /// The connection that its last birth named.
  var connection: String?
  /// The newest seq it spoke of since it was taken down, and when (milliseconds since 1970).
  var fresh: (newest: Int64, at: Int64)?
  var isSilent = false
  /// The list that it is sent because it was away.
  var list: SentList?
}

/// Lets the same thing be said once in a while, whoever makes it happen how often.
struct Quiet {
  private var until: [String: UInt64] = [:]

  mutating func lets(_ what: String, _ tick: UInt64) -> Bool {
    if let end = until[what], tick < end { return false }
    if until.count >= 1_000 { until = until.filter { $0.value > tick } }
    guard until.count < 1_000 else { return false }
    until[what] = tick + HQLimits.alarmMilliseconds
    return true
  }
}
