/// How long a barrier or gate takes from limit to limit, against what it took when it was new.
struct TravelWear {
  /// One direction: learned from its first whole travels, then compared.
  private struct Learned {
    var count: UInt64 = 0
    var sum: UInt64 = 0
    var isSlow = false
    @_noLocks init() {}

    /// Nanoseconds; zero while it is learned.
    var baseline: UInt64 {
      @_noLocks get { count < Limits.travelsLearned ? 0 : sum / Limits.travelsLearned }
    }
  }

  private let driftPercent: UInt64
  private var opening = Learned()
  private var closing = Learned()

  @_noLocks
  init(driftPercent: UInt64) {
    self.driftPercent = driftPercent
  }

  var isSlow: Bool { @_noLocks get { opening.isSlow || closing.isSlow } }
  var openingTravel: Interval { @_noLocks get { Interval(nanoseconds: opening.baseline) } }
  var closingTravel: Interval { @_noLocks get { Interval(nanoseconds: closing.baseline) } }

  /// A travel from limit to limit; true where it is the first slow one of its direction.
  @_noLocks
  mutating func note(_ travel: Interval, opens: Bool) -> Bool {
    opens ? note(travel, &opening) : note(travel, &closing)
  }

  @_noLocks
  private func note(_ travel: Interval, _ learned: inout Learned) -> Bool {
    guard learned.count >= Limits.travelsLearned else {
      learned.count += 1
      learned.sum &+= travel.nanoseconds
      return false
    }
    guard driftPercent > 0 else { return false }
    let wasSlow = learned.isSlow
    let allowed = learned.baseline &+ learned.baseline / 100 &* driftPercent
    learned.isSlow = travel.nanoseconds > allowed
    return learned.isSlow && !wasSlow
  }
}
