import ControlCore
import Testing

@testable import Site

/// A door, a barrier and a siren, and these plans.
private func plans(_ text: String, more: String = "") -> String {
  site(
    """
    gpio: { chip: { simulated: true } },
    inputs: { fire: { gpio: "chip", line: 0 }, mains: { gpio: "chip", line: 1 }, low: { gpio: "chip", line: 2 } },
    outputs: {
      strike: { gpio: "chip", line: 8 }, raise: { gpio: "chip", line: 9 }, lower: { gpio: "chip", line: 10 },
      siren: { gpio: "chip", line: 11 }, lamp: { gpio: "chip", line: 12 },
    },
    points: {
      lobby: { kind: "door", outputs: { unlock: "strike" } },
      exit: { kind: "barrier", outputs: { raise: "raise", lower: "lower" }, auto_close_ms: 0 },
    },
    emergency: { \(text) }, \(more)
    """)
}

@Suite("Emergency plans")
struct PlanTests {
  @Test func everyKeyOfAPlan() throws {
    let result = try load(
      plans(
        """
        lock: { points: ["lobby"], precedence: 2 },
        smoke: { kind: "fire", inputs: ["fire"], lost_counts: true, release: ["lobby"], hold_open: ["exit"],
                 outputs: { siren: { flashing: true, for_s: 180, can_silence: true }, lamp: {} }, react_s: 5 },
        mains: { kind: "power", input: "mains", after_s: 600, hold_open: ["exit"], until: "input",
                 outputs: { lamp: {} }, precedence: 1 },
        flood: { release: ["exit"] },
        clear: { hold_open: ["lobby"] },
        """, more: "power: { mains_fail: \"mains\", battery_low: \"low\" }"))
    let found = result.control.emergencies
    #expect(found.map(\.kind) == [.lockdown, .fire, .power, .flood, .evacuation])
    #expect(found.map(\.precedence) == [2, 100, 1, 102, 103])
    #expect(found[1].lostCounts && found[1].holdOpen == [PointIndex(1)] && found[1].reaction == .seconds(5))
    #expect(
      found[1].outputs == [
        PlanOutputSetting(OutputIndex(3), flashes: true, time: .seconds(180), canSilence: true),
        PlanOutputSetting(OutputIndex(4)),
      ])
    #expect(found[2].after == .seconds(600) && found[2].untilInput && !found[1].untilInput)
    #expect(result.power == PowerDescription(mainsFail: InputIndex(1), batteryLow: InputIndex(2)))
    #expect(result.notes.map(\.text).isEmpty == false)
    #expect(
      result.notes.contains {
        $0.path == "emergency.smoke" && $0.text.hasPrefix("stands after 'lock' and outranks")
      })
    let report = result.report().joined(separator: "\n")
    for word in [
      "flashes siren for 180 s", "holds open exit", "ends with its input", "after 600 s", "mains fail=mains",
    ] {
      #expect(report.contains(word), "\(word) is not in\n\(report)")
    }
    // What was read, runs.
    _ = Controller(setting: result.control)
  }

  @Test(
    arguments: [
      (
        "a: { release: [\"exit\"], precedence: 1 }, fire: { release: [\"lobby\"], precedence: 2 }",
        "emergency.fire.precedence: is 2, and 'a' has 1; fire outranks every plan: must be below 1, or left out"
      ),
      (
        "a: { release: [\"exit\"], precedence: 3 }, b: { release: [\"lobby\"], precedence: 3 }",
        "emergency.b.precedence: is 3, as of 'a'; must differ"
      ),
      ("a: { release: [\"exit\"], precedence: 0 }", "emergency.a.precedence: is 0; must be from 1 to 99"),
      ("fire: { points: [\"lobby\"] }", "emergency.fire.points: fire locks nobody in; must be left out"),
      (
        "fire: { input: \"fire\", release: [\"lobby\"], after_s: 3 }",
        "emergency.fire.after_s: fire waits for nothing; must be left out"
      ),
      ("a: { release: [\"lobby\"], after_s: 3 }", "emergency.a.after_s: is how long an input must call"),
      (
        "fire: { input: \"fire\", release: [\"exit\"], until: \"input\" }",
        "emergency.fire.until: only a power plan may end with its input"
      ),
      (
        "power: { hold_open: [\"exit\"], until: \"input\" }",
        "emergency.power.until: ends with its input, and there is none"
      ),
      (
        "power: { input: \"mains\", hold_open: [\"lobby\"], until: \"input\" }",
        "emergency.power.until: would lock door 'lobby' without a person"
      ),
      (
        "a: { outputs: { strike: {} } }",
        "emergency.a.outputs.strike: output 'strike' is points.lobby.outputs.unlock already; must belong to no point"
      ),
      (
        "a: { outputs: { sirene: {} } }",
        "emergency.a.outputs.sirene: there is no output 'sirene'; did you mean 'siren'?"
      ),
      (
        "a: { outputs: { siren: { for_s: 0 } } }",
        "emergency.a.outputs.siren.for_s: is 0 s; must be from 100 ms"
      ),
      ("a: { outputs: { siren: { flash: true } } }", "emergency.a.outputs.siren.flash: unknown key"),
      (
        "a: { kind: \"fier\", release: [\"exit\"] }", "emergency.a.kind: is \"fier\"; must be one of \"fire\""
      ),
      (
        "a: { hold_open: [\"exit\"], points: [\"exit\"] }",
        "emergency.a.points: 'exit' is held open by the same plan"
      ),
    ] as [(String, String)])
  func whatAPlanMayNotSay(_ text: String, _ fault: String) {
    let lines = faults(plans(text))
    #expect(lines.count == 1, "\(lines)")
    #expect(lines.first?.hasPrefix("site.json5: \(fault)") == true, "\(lines)")
  }

  @Test func aSupplyNamesInputsThatAreThere() {
    #expect(faults(plans("", more: "power: { mains_fail: \"main\" }")).count == 1)
  }
}
