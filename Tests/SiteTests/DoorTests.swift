import ControlCore
import Testing

@testable import Site

/// A magnet with all its sensors, and two strikes.
private func doors(_ keys: String = "", inputs: String = "", rest: String = "") -> String {
  site(
    """
    gpio: { chip: { simulated: true } },
    inputs: {
      one: { gpio: "chip", line: 0 }, two: { gpio: "chip", line: 1 }, bond: { gpio: "chip", line: 2 },
      bolt: { gpio: "chip", line: 3 }, rex: { gpio: "chip", line: 4 },
    },
    outputs: { a: { gpio: "chip", line: 8 }, b: { gpio: "chip", line: 9 }, c: { gpio: "chip", line: 10 } },
    points: {
      main: { kind: "door", fail: "safe", outputs: { unlock: "a" }, inputs: { \(inputs) }, \(keys) },
      inner: { kind: "door", outputs: { unlock: "b" } },
      third: { kind: "door", outputs: { unlock: "c" } },
    },
    \(rest)
    """)
}

/// The report without its line breaks.
private func words(_ site: SiteDescription) -> String {
  site.report().joined(separator: " ").split(separator: " ").joined(separator: " ")
}

@Suite("Doors")
struct DoorTests {
  @Test func everySensorHasItsRole() throws {
    let site = try load(
      doors(
        "lock_feedback_ms: 700, exit_in_lockdown: false",
        inputs:
          "contact: \"one\", passive_contact: \"two\", bond: \"bond\", lock_position: \"bolt\", exit_button: \"rex\""
      ))
    guard case .door(let door) = site.control.points[0] else {
      Issue.record("the door is no door")
      return
    }
    #expect(
      [door.contact, door.passiveContact, door.bond, door.lockPosition, door.exitButton]
        == (0..<5).map { InputIndex($0) })
    #expect(door.lockFeedback == .milliseconds(700) && !door.exitInLockdown)
    #expect(site.notes.contains { $0.description.contains("exit_in_lockdown: a lockdown shuts people in") })
    let report = words(site)
    for role in ["passive_contact=two", "bond=bond", "lock_position=bolt"] { #expect(report.contains(role)) }
  }

  @Test func anInterlockIsAListOrAnObject() throws {
    let site = try load(
      doors(
        rest:
          "interlocks: [[\"main\", \"inner\"], { points: [\"main\", \"inner\", \"third\"], at_most: 2, wait_ms: 4000 }]"
      ))
    #expect(
      site.control.interlocks == [
        InterlockSetting(points: [PointIndex(0), PointIndex(1)]),
        InterlockSetting(
          points: [PointIndex(0), PointIndex(1), PointIndex(2)], atMost: 2, wait: .seconds(4)),
      ])
    let report = words(site)
    #expect(report.contains("at most 2 of main inner third, a grant waits 4 s"))
  }

  private static let schedules = "schedules: { always: {}, day: { mon: [\"08:00-18:00\"] } }, "

  @Test func aDoorFollowsSchedules() throws {
    let site = try load(
      doors(
        """
        free_access: { schedule: "day", first_person: true, late_start: true }, propped_open: { schedule: "always" },
        office: { schedule: "day", groups: ["staff"], window_ms: 2000 }
        """, inputs: "contact: \"one\"",
        rest: Self.schedules + "groups: { staff: { points: [\"main\"], schedule: \"always\" } }"))
    #expect(
      site.doorModes[0]
        == DoorModes(
          free: .init(schedule: 1, firstPerson: true, lateStart: true),
          office: .init(schedule: 1, groups: [0], window: .seconds(2)), propped: 0))
    #expect(site.doorModes[1].isEmpty && site.doorModes.count == 3)
    let report = words(site)
    #expect(report.contains("free access day from the first person on, also late"))
    #expect(report.contains("office mode day by staff"))
  }

  static let wrongs: [FaultTests.Case] = [
    .init(
      doors("free_access: { schedule: \"dya\" }", rest: schedules),
      "points.main.free_access.schedule: there is no schedule 'dya'; did you mean 'day'?"),
    .init(
      doors("free_access: {}", rest: schedules), "points.main.free_access.schedule: is missing; must be given"
    ),
    .init(
      doors("free_access: { schedule: \"day\", first_person: true }", rest: schedules),
      "points.main.free_access.first_person: waits for a passage, which nothing sees here"),
    .init(
      doors(
        "free_access: { schedule: \"day\" }", rest: schedules + "interlocks: [[\"main\", \"inner\"]]"),
      "points.main.free_access: would keep the other points of its interlock shut"),
    .init(
      doors("office: { schedule: \"day\", window_ms: 100 }", rest: schedules),
      "points.main.office.window_ms: is 100 ms; must be from 1 s to 30 s"),
    .init(
      doors("office: { schedule: \"day\", groups: [\"stuff\"] }", rest: schedules),
      "points.main.office.groups[0]: there is no group 'stuff'"),
    .init(
      doors("propped_open: { schedule: \"day\", until: 3 }", rest: schedules),
      "points.main.propped_open.until: unknown key"),
    .init(
      doors(inputs: "passive_contact: \"two\""),
      "points.main.inputs.passive_contact: is the second leaf's and the first has none"),
    .init(
      doors("fail: \"secure\"", inputs: "bond: \"bond\"").replacing("fail: \"safe\", ", with: ""),
      "points.main.inputs.bond: is a magnet's and the lock stays shut without power"),
    .init(
      doors("lock_feedback_ms: 20"), "points.main.lock_feedback_ms: is 20 ms; must be from 100 ms to 60 s"),
    .init(doors("exit_in_lockdown: 1"), "points.main.exit_in_lockdown: is a number; must be true or false"),
    .init(
      doors(rest: "interlocks: [3]"), "interlocks[0]: is a number; must be a list of points or an object"),
    .init(doors(rest: "interlocks: [{ at_most: 1 }]"), "interlocks[0].points: is missing; must be given"),
    .init(
      doors(rest: "interlocks: [{ points: [\"main\"] }]"),
      "interlocks[0].points: holds 1 points; must be 2 to 8"),
    .init(
      doors(rest: "interlocks: [{ points: [\"main\", \"inner\"], at_most: 2 }]"),
      "interlocks[0].at_most: is 2 of 2 points, which locks nothing; must be fewer"),
    .init(
      doors(rest: "interlocks: [{ points: [\"main\", \"inner\"], wait_s: 61 }]"),
      "interlocks[0].wait_s: is 61 s; must be from 0 to 60 s"),
    .init(
      doors(rest: "interlocks: [{ points: [\"main\", \"inner\"], atmost: 2 }]"),
      "interlocks[0].atmost: unknown key; did you mean 'at_most'?"),
  ]

  @Test(arguments: wrongs) func aFaultNamesItsKey(_ wrong: FaultTests.Case) {
    let lines = faults(wrong.text)
    #expect(lines.count == 1, "\(lines)")
    #expect(lines.first?.hasPrefix("site.json5: \(wrong.fault)") == true, "\(lines)")
  }
}
