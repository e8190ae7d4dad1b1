import ControlCore
import Testing

/// How a plan stands before its input changes.
private enum Stand: String, CaseIterable {
  case quiet, drilled, started, called, calledOnce
}

private enum Change: String, CaseIterable {
  case on, off, lost
}

private struct PlanStep: Sendable, CustomTestStringConvertible {
  var stand: Stand
  var change: Change
  var lostCounts: Bool
  var untilInput: Bool

  var testDescription: String {
    "\(stand), \(change)\(lostCounts ? ", lost counts" : "")\(untilInput ? ", until input" : "")"
  }

  static let all: [PlanStep] = Stand.allCases.flatMap { stand in
    Change.allCases.flatMap { change in
      [false, true].flatMap { lostCounts in
        [false, true].map { untilInput in
          PlanStep(stand: stand, change: change, lostCounts: lostCounts, untilInput: untilInput)
        }
      }
    }
  }

  private var calls: Bool { change == .on || change == .lost && lostCounts }
  private var wasCalled: Bool { stand == .called || stand == .calledOnce && untilInput }

  /// Whether the plan holds after the change, and whether as a drill.
  var after: (active: Bool, drill: Bool) {
    if calls { return (true, false) }
    switch stand {
    case .quiet: return (false, false)
    case .drilled: return (true, true)
    case .started: return (true, false)
    // An input that had called is seen off: only then does such a plan end by itself.
    case .called: return (!(untilInput && change == .off), false)
    case .calledOnce: return (!untilInput, false)
    }
  }

  /// A reset is refused as long as the input calls.
  var takesReset: Bool { !calls }
}

private func site(lostCounts: Bool = false, untilInput: Bool = false, after: Interval = .zero)
  -> ControllerSetting
{
  var barrier = BarrierSetting(raise: OutputIndex(0), lower: OutputIndex(1))
  barrier.up = InputIndex(1)
  barrier.down = InputIndex(2)
  return ControllerSetting(
    inputs: [InputSetting](repeating: InputSetting(), count: 3),
    outputs: [OutputSetting](repeating: OutputSetting(), count: 5), points: [.barrier(barrier)],
    emergencies: [
      EmergencySetting(
        kind: .power, inputs: [InputIndex(0)], lostCounts: lostCounts, after: after, untilInput: untilInput,
        holdOpen: [point0],
        outputs: [
          PlanOutputSetting(OutputIndex(2), flashes: true, canSilence: true),
          PlanOutputSetting(OutputIndex(3), time: .seconds(3)), PlanOutputSetting(OutputIndex(4)),
        ])
    ])
}

private let plan0 = PlanIndex(0)

private func start(_ setting: ControllerSetting) -> Rig {
  let rig = Rig(setting)
  for input in 0..<3 { rig.set(input, input == 2) }
  rig.run(5)
  rig.forget()
  return rig
}

/// Every state of a plan times every change of its input: what holds then, what is told, and whether a reset is taken.
@Test(arguments: PlanStep.all) private func everyStateTimesEveryChange(_ step: PlanStep) {
  let rig = start(site(lostCounts: step.lostCounts, untilInput: step.untilInput))
  switch step.stand {
  case .quiet: break
  case .drilled: rig.order(.startEmergency(plan0, drill: true))
  case .started: rig.order(.startEmergency(plan0, drill: false))
  case .called: rig.set(0, true)
  case .calledOnce:
    rig.set(0, true)
    rig.run(5)
    rig.set(0, false)
  }
  rig.run(5)
  rig.forget()
  switch step.change {
  case .on: rig.set(0, true)
  case .off: rig.set(0, false)
  case .lost: rig.lose(0)
  }
  rig.run(5)
  #expect(rig.emergency() == step.after)
  let becameReal = step.stand == .drilled && !step.after.drill
  #expect(rig.count(.drillBecameReal) == (becameReal ? 1 : 0))
  if becameReal { #expect(rig.first(.emergencyStarted)?.drill == false) }
  rig.forget()
  rig.order(.resetEmergency(plan0))
  rig.run(2)
  if step.takesReset {
    #expect(rig.emergency() == (false, false))
    #expect(rig.count(.accepted) == 1)
  } else {
    #expect(rig.emergency() == (true, false), "a reset that the next scan would undo is refused")
    #expect(rig.words == ["refused(stillCalled)"])
    #expect(rig.log[0].input == InputIndex(0))
  }
}

@Test func aCallMustStandForItsDelay() {
  let rig = start(site(untilInput: true, after: .milliseconds(500)))
  rig.set(0, true)
  rig.run(499)
  rig.set(0, false)
  rig.run(20)
  #expect(rig.log.isEmpty && !rig.emergency().active, "a short outage starts nothing")
  rig.set(0, true)
  rig.run(500)
  #expect(!rig.emergency().active)
  rig.run(1)
  #expect(rig.emergency().active && rig[0], "the exit opens")
  rig.forget()
  rig.set(0, false)
  rig.run(3_000)
  #expect(rig.words.first == "emergencyInputEnded" && rig.words.dropFirst().first == "emergencyEnded")
  #expect(rig.count(.closing) == 0, "the end moves nothing")
  rig.order(.startEmergency(plan0, drill: false))
  rig.run(3_000)
  #expect(rig.emergency().active, "a plan that nobody's input called ends by a person alone")
}

/// Mains that come back while the box is off end the plan; an input that is not read yet does not.
@Test(arguments: [true, false]) func aPlanThatEndsByItselfDoesSoAfterARestart(_ wasCalled: Bool) {
  var setting = site(untilInput: true)
  setting.emergencies[0].startsActive = true
  setting.emergencies[0].startsCalled = wasCalled
  let rig = Rig(setting)
  rig.run(50)
  #expect(rig.emergency().active && !rig[0] && !rig[1])
  rig.set(0, false)
  rig.run(5)
  #expect(rig.emergency().active == !wasCalled)
}

@Test func sirensSignsAndLamps() {
  let rig = start(site())
  var flashes = 0
  var last = false
  rig.afterScan = { rig in
    if rig[2] && !last { flashes += 1 }
    last = rig[2]
  }
  rig.order(.startEmergency(plan0, drill: true))
  rig.run(2_900)
  #expect((2...4).contains(flashes), "1 Hz")
  #expect(rig[3] && rig[4])
  rig.run(200)
  #expect(!rig[3] && rig[4], "the second one had its time")
  rig.forget()
  let token = rig.order(.silenceEmergency(plan0))
  rig.order(.silenceEmergency(plan0))
  rig.run(1)
  #expect(rig.words == ["accepted", "emergencySilenced", "accepted"])
  #expect(rig.log[1].token == token && rig.log[1].drill)
  flashes = 0
  rig.run(3_000)
  #expect(flashes == 0 && rig[4], "the sign stays")
  rig.set(0, true)
  rig.run(2_000)
  #expect(flashes > 0 && rig[3], "in earnest all begins anew")
  rig.order(.silenceEmergency(plan0))
  rig.run(2)
  rig.set(0, false)
  rig.run(2)
  rig.set(0, true)
  rig.run(2_000)
  #expect(!rig.plan().silenced, "who calls again is heard again")
  rig.set(0, false)
  rig.run(2)
  rig.order(.resetEmergency(plan0))
  rig.order(.silenceEmergency(plan0))
  rig.run(1)
  #expect(rig.log.last?.cause == .notHeld)
  #expect((2...4).allSatisfy { !rig[$0] })
}

@Test func anOutputOfAPlanIsTestedOnlyWhileNoPlanSwitchesIt() {
  let rig = start(site())
  let test = Command.Action.testOutput(OutputIndex(4), level: true, for: .seconds(5))
  rig.order(.setMaintenance(true))
  rig.order(test)
  rig.run(1)
  #expect(rig[4])
  rig.order(.startEmergency(plan0, drill: false))
  rig.run(2)
  #expect(rig.count(.outputTested) == 1)
  rig.forget()
  rig.order(.testOutput(OutputIndex(4), level: false, for: .seconds(5)))
  rig.run(1)
  #expect(rig.words == ["refused(emergency)"] && rig[4])
}

/// Held open as by an operator: not against maintenance, and as soon as that is over.
@Test func aHoldWaitsForWhatForbidsIt() {
  let rig = start(site())
  rig.order(.setMaintenance(true))
  rig.order(.startEmergency(plan0, drill: false))
  rig.run(10)
  #expect(!rig[0] && rig.words.contains("blocked(maintenance)"))
  #expect(rig.log.count { $0.kind == .blocked } == 1)
  rig.order(.setMaintenance(false))
  rig.run(2)
  #expect(rig[0])
  rig.set(2, false)
  rig.set(1, true)
  rig.run(500)
  rig.forget()
  rig.order(.close(point0))
  rig.order(grant(7))
  rig.run(20_000)
  #expect(Array(rig.words.prefix(2)) == ["refused(emergency)", "accepted"])
  #expect(rig.count(.closing) == 0 && rig.status().heldOpen)
  rig.order(.resetEmergency(plan0))
  rig.run(20_000)
  #expect(rig.count(.closing) == 0 && rig.status().state == .open)
  rig.order(.close(point0))
  rig.run(300)
  #expect(rig[1], "by order it closes")
}
