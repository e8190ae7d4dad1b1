/// What a drive at rest did last, so that a motion that nobody commanded can be told apart.
struct RestWatch {
  /// The output fell, or it arrived.
  private(set) var since = Instant.zero
  /// Stopped on its way there.
  private(set) var stopped: Direction?
  /// The limit it left without a command, and when.
  private(set) var left = Place.unknown
  private(set) var leftAt = Instant.zero

  @_noLocks init() {}

  @_noLocks
  mutating func begin(stopped direction: Direction?, _ now: Instant) {
    guard let direction else { return }
    since = now
    stopped = direction
    left = .unknown
  }

  @_noLocks
  mutating func arrived() {
    stopped = nil
  }

  @_noLocks
  mutating func leave(_ place: Place, _ now: Instant) {
    left = place
    leftAt = now
  }

  @_noLocks
  mutating func forget() {
    stopped = nil
    left = .unknown
  }

  /// It has not moved by command for so short a time that it may only have settled.
  @_noLocks
  func isFresh(_ now: Instant) -> Bool {
    since.nanoseconds > 0 && !(now.since(since) >= Limits.settling)
  }
}
