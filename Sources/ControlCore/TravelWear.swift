/// How long a barrier or gate takes from limit to limit, against what it took when it was new.
struct TravelWear {
  /// One direction: learned from its first whole travels, then compared.
  private struct Course {
    var learned: LearnedTravel
    /// The last whole travel.
    var last = Interval.zero
    var isSlow = false

    @_noLocks init(_ learned: LearnedTravel) {
      self.learned = learned
    }
  }

  private let driftPercent: UInt64
  private var openings: Course
  private var closings: Course

  @_noLocks
  init(driftPercent: UInt64, past: PointWear) {
    self.driftPercent = driftPercent
    openings = Course(past.opening)
    closings = Course(past.closing)
  }

  var isSlow: Bool { @_noLocks get { openings.isSlow || closings.isSlow } }
  var opening: LearnedTravel { @_noLocks get { openings.learned } }
  var closing: LearnedTravel { @_noLocks get { closings.learned } }
  var lastOpening: Interval { @_noLocks get { openings.last } }
  var lastClosing: Interval { @_noLocks get { closings.last } }

  /// A travel from limit to limit; true where it is the first slow one of its direction.
  @_noLocks
  mutating func note(_ travel: Interval, opens: Bool) -> Bool {
    opens ? note(travel, &openings) : note(travel, &closings)
  }

  /// The motor is a new one.
  @_noLocks
  mutating func forget() {
    openings = Course(LearnedTravel())
    closings = Course(LearnedTravel())
  }

  @_noLocks
  private func note(_ travel: Interval, _ course: inout Course) -> Bool {
    course.last = travel
    guard course.learned.count >= Limits.travelsLearned else {
      course.learned.count += 1
      course.learned.total.nanoseconds &+= travel.nanoseconds
      return false
    }
    guard driftPercent > 0 else { return false }
    let wasSlow = course.isSlow
    let baseline = course.learned.baseline.nanoseconds
    course.isSlow = travel.nanoseconds > baseline &+ baseline / 100 &* driftPercent
    return course.isSlow && !wasSlow
  }
}
