import ControlCore
import Site
import Testing

@testable import Runtime

/// One door's schedules and people, without a clock.
@Suite struct DoorUseTests {
  /// What happens to a door, one letter of a story each.
  enum Step: Sendable {
    /// The clock is trusted and the schedule holds, or does not.
    case covered, uncovered
    case untrusted
    case lockdown
    case passed, twice
    case machineEnded(Cause)
    case order(Bool)
  }

  struct Story: Sendable, CustomTestStringConvertible {
    var name: String
    var modes: DoorModes
    var stored: DoorUse.Period?
    var steps: [Step]
    var access: DoorAccess
    var why: String
    var testDescription: String { name }
  }

  private static let plain = DoorModes(free: .init(schedule: 0))
  private static let first = DoorModes(free: .init(schedule: 0, firstPerson: true))
  private static let late = DoorModes(free: .init(schedule: 0, lateStart: true))
  private static let office = DoorModes(office: .init(schedule: 0))

  static let stories = [
    Story(
      name: "begins at its start", modes: plain, steps: [.uncovered, .covered], access: .free, why: "schedule"
    ),
    Story(
      name: "ends at its end", modes: plain, steps: [.uncovered, .covered, .uncovered], access: .controlled,
      why: "schedule"),
    Story(
      name: "does not begin in the middle", modes: plain, steps: [.covered], access: .controlled,
      why: "start-missed"),
    Story(
      name: "begins at the next start", modes: plain, steps: [.covered, .uncovered, .covered], access: .free,
      why: "schedule"),
    Story(
      name: "begins late where the site says so", modes: late, steps: [.covered], access: .free,
      why: "schedule"),
    Story(
      name: "goes on over a restart", modes: plain, stored: .begun, steps: [.covered], access: .free,
      why: "schedule"),
    Story(
      name: "stays ended over a restart, late start or not", modes: late, stored: .ended(by: "lockdown"),
      steps: [.covered], access: .controlled, why: "ended-by-lockdown"),
    Story(
      name: "what is stored of another period counts no more", modes: plain, stored: .ended(by: "lockdown"),
      steps: [.uncovered, .covered], access: .free, why: "schedule"),
    Story(
      name: "no clock, no free door", modes: late, stored: .begun, steps: [.untrusted], access: .controlled,
      why: "clock-untrusted"),
    Story(
      name: "a clock that is lost ends it", modes: plain, steps: [.uncovered, .covered, .untrusted],
      access: .controlled, why: "clock-untrusted"),
    Story(
      name: "a clock that comes back lets it go on", modes: plain,
      steps: [.uncovered, .covered, .untrusted, .covered], access: .free, why: "schedule"),
    Story(
      name: "over a restart it waits for the clock", modes: plain, stored: .begun,
      steps: [.untrusted, .covered],
      access: .free, why: "schedule"),
    Story(
      name: "waits for the first person", modes: first, steps: [.uncovered, .covered], access: .controlled,
      why: "waits-for-first-person"),
    Story(
      name: "begins with the first person", modes: first, steps: [.uncovered, .covered, .passed],
      access: .free,
      why: "schedule"),
    Story(
      name: "who comes before the hour is not the first person", modes: first,
      steps: [.uncovered, .passed, .covered],
      access: .controlled, why: "waits-for-first-person"),
    Story(
      name: "a restart before the first person waits on", modes: first, steps: [.covered],
      access: .controlled,
      why: "waits-for-first-person"),
    Story(
      name: "the first person has been, and then a restart", modes: first, stored: .begun, steps: [.covered],
      access: .free, why: "schedule"),
    Story(
      name: "a passage with an untrusted clock begins nothing", modes: first,
      steps: [.uncovered, .covered, .untrusted, .passed, .covered], access: .controlled,
      why: "waits-for-first-person"),
    Story(
      name: "a lockdown ends it for the period", modes: plain,
      steps: [.uncovered, .covered, .lockdown, .covered],
      access: .controlled, why: "ended-by-lockdown"),
    Story(
      name: "a period that starts in a lockdown is ended", modes: plain,
      steps: [.uncovered, .lockdown, .covered],
      access: .controlled, why: "ended-by-lockdown"),
    Story(
      name: "the next period is another one", modes: plain,
      steps: [.uncovered, .covered, .lockdown, .uncovered, .covered], access: .free, why: "schedule"),
    Story(
      name: "the operator locks it", modes: plain,
      steps: [.uncovered, .covered, .machineEnded(.operatorOrder), .covered], access: .controlled,
      why: "ended-by-operator-order"),
    Story(
      name: "maintenance is over, and it goes on", modes: plain,
      steps: [.uncovered, .covered, .machineEnded(.maintenance), .covered], access: .free, why: "schedule"),
    Story(
      name: "a person ends it", modes: plain, steps: [.uncovered, .covered, .order(false), .covered],
      access: .controlled, why: "ended-by-order"),
    Story(
      name: "a person begins it again behind a lockdown", modes: plain,
      steps: [.uncovered, .covered, .lockdown, .covered, .order(true)], access: .free, why: "schedule"),
    Story(
      name: "a person cannot begin it outside its schedule", modes: plain, steps: [.uncovered, .order(true)],
      access: .controlled, why: "schedule"),
    Story(
      name: "latched", modes: office, steps: [.covered, .twice], access: .office, why: "double-presentation"),
    Story(
      name: "latched and let go", modes: office, steps: [.covered, .twice, .twice], access: .controlled,
      why: "schedule"),
    Story(
      name: "the schedule lets go", modes: office, steps: [.covered, .twice, .uncovered, .covered],
      access: .controlled, why: "schedule"),
    Story(
      name: "not outside the schedule", modes: office, steps: [.uncovered, .twice, .covered],
      access: .controlled,
      why: "schedule"),
    Story(
      name: "a clock that is lost lets go", modes: office, steps: [.covered, .twice, .untrusted, .covered],
      access: .controlled, why: "schedule"),
    Story(
      name: "a lockdown lets go", modes: office, steps: [.covered, .twice, .lockdown, .covered],
      access: .controlled,
      why: "schedule"),
    Story(
      name: "maintenance lets go", modes: office,
      steps: [.covered, .twice, .machineEnded(.maintenance), .covered],
      access: .controlled, why: "schedule"),
  ]

  @Test(arguments: stories) func aDoorFollowsItsSchedule(_ story: Story) {
    var use = DoorUse(story.modes)
    func look(_ trusted: Bool, _ covered: Bool, lockdown: Bool = false) {
      let moment = DoorUse.Moment(
        isTrusted: trusted, free: covered && story.modes.free != nil,
        office: covered && story.modes.office != nil,
        isLockedDown: lockdown)
      use.look(moment) { story.stored }
    }
    for step in story.steps {
      switch step {
      case .covered: look(true, true)
      case .uncovered: look(true, false)
      case .untrusted: look(false, false)
      case .lockdown: look(true, true, lockdown: true)
      case .passed: _ = use.passed()
      case .twice: _ = use.shownTwice()
      case .machineEnded(let cause): use.ended(use.access, cause)
      case .order(let on): _ = use.order(on)
      }
    }
    #expect(use.access == story.access)
    #expect(use.why == story.why)
  }

  @Test func itMayStandOpenOnlyInItsSchedule() {
    var use = DoorUse(DoorModes(propped: 0))
    use.look(.init(isTrusted: true, propped: true)) { nil }
    #expect(use.isPropped)
    use.look(.init(isTrusted: false)) { nil }
    #expect(!use.isPropped, "an untrusted clock suspends no alarm")
    use.look(.init(isTrusted: true, propped: true, isLockedDown: true)) { nil }
    use.look(.init(isTrusted: true, propped: true)) { nil }
    #expect(!use.isPropped, "a lockdown ends it for the period")
    use.look(.init(isTrusted: true)) { nil }
    use.look(.init(isTrusted: true, propped: true)) { nil }
    #expect(use.isPropped)
  }

  @Test func ordersSayWhyNot() {
    var none = DoorUse(DoorModes(propped: 0))
    #expect(none.order(true) == "the door has no free_access")
    var use = DoorUse(DoorUseTests.plain)
    #expect(use.order(true) == "the clock is not trusted")
    use.look(.init(isTrusted: true)) { nil }
    #expect(use.order(true) == "its schedule does not hold now")
    #expect(use.order(false) == nil)
  }
}
