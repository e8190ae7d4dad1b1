/// The photocell's test before a closing that nobody ordered: its emitter is put out, and it must tell so.
///
/// The output holds until the photocell reads as covered, and the test has passed when it reads as clear again, each
/// within ``Limits/sensorTest``. What stays covered is somebody in the beam; what never covers has failed.
struct SensorTest {
  private enum Phase: UInt8 {
    case idle
    /// The output is on: the photocell must cover.
    case covering
    /// The output is off again: it must clear. Given up, a test ends here too.
    case clearing
    case passed
    @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  }

  private var phase = Phase.idle
  private var since = Instant.zero
  private var isGivenUp = false
  private var isWanted = false
  /// The last test that was not given up failed.
  private(set) var hasFailed = false

  @_noLocks init() {}

  var output: Bool { @_noLocks get { phase == .covering } }
  var isRunning: Bool { @_noLocks get { phase == .covering || phase == .clearing } }

  /// What the machine sees of the photocell: what the test covers is nobody.
  @_noLocks
  func mask(_ photocell: Reading) -> Reading {
    isRunning && photocell.isOn ? .off : photocell
  }

  /// First of all in a scan. True where the test fails now.
  @_noLocks
  mutating func follow(_ photocell: Reading, _ now: Instant) -> Bool {
    if !isWanted { giveUp(now) }
    isWanted = false
    let isLate = now.since(since) >= Limits.sensorTest
    switch phase {
    case .idle: return false
    case .passed: phase = .idle
    case .covering:
      if photocell.isUnknown {
        giveUp(now)
      } else if photocell.isOn {
        enter(.clearing, now)
      } else if isLate {
        phase = .idle
        hasFailed = true
        return true
      }
    case .clearing:
      if photocell.isOff { enter(isGivenUp ? .idle : .passed, now) } else if isLate { phase = .idle }
    }
    return false
  }

  /// All else allows the closing: whether the photocell has been tested for it. Asked every scan until it has.
  @_noLocks
  mutating func permits(_ now: Instant) -> Bool {
    isWanted = true
    if phase == .passed {
      phase = .idle
      return true
    }
    if phase == .idle {
      isGivenUp = false
      enter(.covering, now)
    }
    return false
  }

  /// Passed, or a person has looked: true where that ends a failure.
  @_noLocks
  mutating func endFailure() -> Bool {
    let ended = hasFailed
    hasFailed = false
    return ended
  }

  @_noLocks
  private mutating func giveUp(_ now: Instant) {
    guard phase == .covering || phase == .clearing else { return }
    isGivenUp = true
    if phase == .covering { enter(.clearing, now) }
  }

  @_noLocks
  private mutating func enter(_ next: Phase, _ now: Instant) {
    phase = next
    since = now
  }
}
