import ControlCore
import Testing

@testable import Site

private func turnstile(
  _ keys: String = "", outputs: String = "release_in: \"in\", release_out: \"out\", free: \"free\"",
  inputs: String = "rotation_in: \"one\", rotation_out: \"two\"", rest: String = ""
) -> String {
  site(
    """
    gpio: { chip: { simulated: true } },
    inputs: { one: { gpio: "chip", line: 0 }, two: { gpio: "chip", line: 1 }, rex: { gpio: "chip", line: 2 } },
    outputs: { in: { gpio: "chip", line: 8 }, out: { gpio: "chip", line: 9 }, free: { gpio: "chip", line: 10 } },
    points: { gym: { kind: "turnstile", outputs: { \(outputs) }, inputs: { \(inputs) }, \(keys) } },
    \(rest)
    """)
}

@Suite("Turnstiles")
struct TurnstileTests {
  @Test func everyKeyIsRead() throws {
    let site = try load(
      turnstile(
        """
        direction: "out", drive: "held", fail: "secure", pulse_ms: 200, entry_ms: 7000, settle_ms: 100, stuck_s: 4,
        exit_in_lockdown: false
        """, inputs: "rotation_in: \"one\", rotation_out: \"two\", exit_button: \"rex\""))
    var wanted = TurnstileSetting(releaseIn: OutputIndex(0), releaseOut: OutputIndex(1))
    wanted.free = OutputIndex(2)
    wanted.direction = .out
    wanted.style = .held
    wanted.fail = .secure
    wanted.rotationIn = InputIndex(0)
    wanted.rotationOut = InputIndex(1)
    wanted.exitButton = InputIndex(2)
    wanted.pulse = .milliseconds(200)
    wanted.entry = .seconds(7)
    wanted.settle = .milliseconds(100)
    wanted.stuck = .seconds(4)
    wanted.exitInLockdown = false
    #expect(site.control.points == [.turnstile(wanted)])
    let report = site.report().joined(separator: " ")
    for word in ["turnstile out held", "release_in=in", "rotation_out=two", "free=free"] {
      #expect(report.contains(word), "\(word)")
    }
  }

  @Test func defaultsAreThoseOfTheCore() throws {
    let site = try load(turnstile(outputs: "release_in: \"in\"", inputs: "rotation: \"one\""))
    var usual = TurnstileSetting(releaseIn: OutputIndex(0))
    usual.rotation = InputIndex(0)
    #expect(site.control.points == [.turnstile(usual)])
  }

  static let wrongs: [FaultTests.Case] = [
    .init(
      turnstile(outputs: "free: \"free\""),
      "points.gym.outputs: releases nobody; must have release_in, release_out or both"),
    .init(
      turnstile(inputs: "rotation_in: \"one\""),
      "points.gym.inputs.rotation_out: is missing; must prove the passages of release_out"),
    .init(
      turnstile(
        outputs: "release_in: \"in\"", inputs: "rotation_in: \"one\", exit_button: \"rex\""),
      "points.gym.inputs.exit_button: lets people out and there is no way out"),
    .init(
      turnstile("pulse_s: 9, entry_s: 8"), "points.gym.entry_s: is 8 s; must be at least pulse_ms, 9 s"),
    .init(turnstile("unlock_ms: 300"), "points.gym.unlock_ms: unknown key"),
    .init(
      turnstile(
        outputs: "release_in: \"in\"",
        rest: "readers: { leave: { point: \"gym\", side: \"out\", kind: \"card\" } }"),
      "readers.leave.side: is out and gym has no release_out"),
    .init(
      turnstile(
        "two_person: true", rest: "readers: { go: { point: \"gym\", side: \"in\", kind: \"card\" } }"),
      "points.gym.two_person: gym is a turnstile, which lets one person through at a time; must be left out"),
    .init(
      turnstile(
        rest: "readers: { go: { point: \"gym\", side: \"in\", kind: \"card\", two_person: true } }"),
      "readers.go.two_person: gym is a turnstile"),
    .init(
      turnstile(
        rest: """
          schedules: { always: {} },
          groups: { all: { points: ["gym"], schedule: "always", two_person: true } }
          """),
      "groups.all.two_person: gym is a turnstile"),
  ]

  @Test(arguments: wrongs) func aFaultNamesItsKey(_ wrong: FaultTests.Case) {
    let lines = faults(wrong.text)
    #expect(lines.count == 1, "\(lines)")
    #expect(lines.first?.hasPrefix("site.json5: \(wrong.fault)") == true, "\(lines)")
  }
}
