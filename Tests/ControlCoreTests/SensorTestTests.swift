import ControlCore
import Testing

private let openLimit = 0
private let closedLimit = 1
private let beam = 2
private let button = 3
private let opens = 0
private let closes = 1
private let emitter = 2

/// What a photocell does with its test.
private enum Cell: CaseIterable {
  case works, blind, staysBroken, lost
}

/// A point without a closing loop: the photocell is its passage sensor too.
private final class Bench {
  let rig: Rig
  private let leaf = Leaf(
    open: opens, close: closes, openLimit: openLimit, closedLimit: closedLimit, travel: 1_400, style: .held)
  var cell = Cell.works
  /// Somebody stands in the beam.
  var isBroken = false
  private var wasTested = false
  private(set) var tests = 0

  init(_ point: PointSetting) {
    rig = Rig(
      ControllerSetting(
        inputs: [InputSetting(), InputSetting(), InputSetting(debounce: .milliseconds(20)), InputSetting()],
        outputs: [OutputSetting](repeating: OutputSetting(), count: 3), points: [point]))
    rig.plant = { [unowned self] rig in
      leaf.move(rig)
      if rig[emitter] && !wasTested { tests += 1 }
      wasTested = cell == .staysBroken ? wasTested || rig[emitter] : rig[emitter]
      rig.set(beam, isBroken || cell != .blind && wasTested)
      if cell == .lost && wasTested { rig.lose(beam) }
    }
    rig.afterScan = {
      #expect(!($0[emitter] && ($0[opens] || $0[closes])), "tested while it moves")
    }
    rig.set(button, false)
    rig.run(50)
  }

  /// Opened on a grant, and driven through.
  func pass(_ passage: UInt64) {
    rig.grant(passage)
    rig.run(1_450)
    isBroken = true
    rig.run(500)
    isBroken = false
    rig.run(500)
  }
}

private var barrier: PointSetting {
  var barrier = BarrierSetting(raise: OutputIndex(opens), lower: OutputIndex(closes))
  barrier.style = .held
  barrier.up = InputIndex(openLimit)
  barrier.down = InputIndex(closedLimit)
  barrier.photocell = InputIndex(beam)
  barrier.sensorTest = OutputIndex(emitter)
  barrier.holdToClose = InputIndex(button)
  return .barrier(barrier)
}

private var gate: PointSetting {
  var gate = GateSetting(open: OutputIndex(opens), close: OutputIndex(closes))
  gate.openLimit = InputIndex(openLimit)
  gate.closedLimit = InputIndex(closedLimit)
  gate.photocell = InputIndex(beam)
  gate.sensorTest = OutputIndex(emitter)
  gate.holdToClose = InputIndex(button)
  gate.travel = .milliseconds(1_500)
  gate.closingWarning = .zero
  return .gate(gate)
}

@Test(arguments: [barrier, gate], Cell.allCases) private func onlyATestedPhotocellCloses(
  _ point: PointSetting, _ cell: Cell
) {
  let bench = Bench(point)
  bench.cell = cell
  bench.pass(7)
  bench.rig.run(4_000)
  let isClosed = bench.rig.status().state == .closed
  #expect(isClosed == (cell == .works))
  #expect(bench.rig.count(.passage) == 1)
  #expect(bench.rig.count(.tailgating) == 0, "a test is no vehicle")
  #expect(bench.rig.status().fault == (cell == .blind ? .sensorStuck : .none))
  #expect(bench.rig.count(.fault) == (cell == .blind ? 1 : 0))
}

@Test(arguments: [barrier, gate]) private func anOrderDoesNotCloseWithAFailedPhotocell(_ point: PointSetting)
{
  let bench = Bench(point)
  bench.cell = .blind
  bench.pass(7)
  bench.rig.run(4_000)
  #expect(bench.rig.first(.fault)?.input == InputIndex(beam))
  bench.rig.run(60_000)
  #expect(bench.rig.status().state == .open)
  #expect(bench.tests == 1, "what has failed is not tried again by itself")
  bench.rig.order(.close(point0))
  bench.rig.run(2_600)
  #expect(bench.rig.words.last == "refused(sensorStuck)")
  #expect(bench.rig.status().state == .open)
  // A person has looked, and takes it on himself.
  bench.rig.order(.reset(point0))
  bench.rig.run(1)
  bench.rig.order(.close(point0))
  bench.rig.run(2_600)
  #expect(bench.rig.status().state == .closed)
  #expect(bench.tests == 1)
}

@Test(arguments: [barrier, gate]) private func theNextOpeningTestsAnew(_ point: PointSetting) {
  let bench = Bench(point)
  bench.cell = .blind
  bench.pass(7)
  bench.rig.run(4_000)
  bench.pass(8)
  bench.rig.run(4_000)
  #expect(bench.tests == 2)
  #expect(bench.rig.count(.fault) == 1, "told once")
  bench.cell = .works
  bench.pass(9)
  bench.rig.run(4_000)
  #expect(bench.rig.status().state == .closed)
  #expect(bench.rig.status().fault == .none)
  #expect(bench.rig.count(.faultEnded) == 1)
}

@Test(arguments: [barrier, gate]) private func aResetEndsTheFaultAndMovesNothing(_ point: PointSetting) {
  let bench = Bench(point)
  bench.cell = .blind
  bench.pass(7)
  bench.rig.run(4_000)
  bench.rig.order(.reset(point0))
  bench.rig.run(30_000)
  #expect(bench.rig.status().fault == .none)
  #expect(bench.rig.status().state == .open)
}

@Test(arguments: [barrier, gate]) private func whatComesBetweenGivesTheTestUp(_ point: PointSetting) {
  let bench = Bench(point)
  bench.cell = .blind
  bench.pass(7)
  while !bench.rig[emitter] { bench.rig.run(1) }
  bench.rig.order(.close(point0))
  bench.rig.grant(8)
  bench.rig.run(2)
  #expect(!bench.rig[emitter])
  #expect(bench.rig.words.contains("refused(alreadyBusy)"))
  bench.rig.run(3_000)
  #expect(bench.rig.count(.fault) == 0)
  #expect(bench.rig.status().state == .open)
}

/// The test covers the photocell by itself; whoever presses the button then must still be kept from closing on somebody.
@Test(arguments: [barrier, gate]) private func aButtonPressedDuringTheTestClosesOnNobody(
  _ point: PointSetting
) {
  let bench = Bench(point)
  bench.pass(1)
  var waited = 0
  while !bench.rig[emitter], waited < 20_000 {
    bench.rig.run(1)
    waited += 1
  }
  #expect(bench.rig[emitter], "the photocell is tested before it closes")
  bench.isBroken = true
  while bench.rig[emitter] { bench.rig.run(1) }
  bench.rig.set(button, true)
  for _ in 0..<3_000 {
    bench.rig.run(1)
    #expect(!bench.rig[closes], "it closes on somebody in the beam")
  }
  #expect(bench.rig.words.contains { $0.hasPrefix("blocked(presence") })
}
