/// Whether it is so long that HQ said nothing that the connection may be deaf. Times in nanoseconds.
///
/// HQ asks every gateway that is quiet once a minute, so a gateway with nothing to send hears it all the same. HQ may also
/// be away: each connection begun anew in vain is given twice the time.
struct Silence {
  private let first: UInt64
  private var patience: UInt64
  private var heardAt: UInt64 = 0

  /// - Parameter milliseconds: after so long a connection is doubted.
  init(milliseconds: UInt64) {
    precondition(milliseconds > 0, "a silence of no time")
    first = milliseconds * 1_000_000
    patience = first
  }

  /// A connection was made.
  mutating func begin(now: UInt64) { heardAt = now }

  mutating func hear(now: UInt64) {
    heardAt = now
    patience = first
  }

  /// True once a connection: it is to be begun anew.
  mutating func isOver(now: UInt64) -> Bool {
    guard now > heardAt, now - heardAt > patience else { return false }
    patience = max(first, min(patience * 2, UplinkLimits.longestSilenceMilliseconds * 1_000_000))
    heardAt = now
    return true
  }
}
