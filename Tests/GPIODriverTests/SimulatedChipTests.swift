import ControlCore
import Platform
import TestSupport
import Testing

@testable import GPIODriver

@Suite struct SimulatedChipTests {
  private let directory: TemporaryDirectory
  private let path: String

  init() throws {
    directory = try TemporaryDirectory()
    path = directory.path + "/gpio/bench.lines"
  }

  @Test func theFileIsAsDescribed() throws {
    let chip = try SimulatedChip(path: path)
    chip.setDirection(3, .output)
    chip.setOutput(3, true)
    chip.setInput(5, true)
    chip.setInput(5, true)
    chip.setInput(5, false)
    chip.setInput(511, true)
    let bytes = try Files.read(path)
    #expect(bytes.count == 4_096)
    #expect(Array(bytes[0..<8]) == Array("GHGPIO1".utf8) + [0])
    #expect(Array(bytes[76..<80]) == [2, 0, 1, 0])
    #expect(Array(bytes[84..<88]) == [0, 0, 0, 2])
    #expect(Array(bytes[2_108..<2_112]) == [0, 1, 0, 1])
  }

  @Test func anotherFileIsNotTakenForAChip() throws {
    let other = directory.path + "/other"
    try Files.write(Array("something else".utf8), to: other)
    #expect(throws: GPIOError.self) { try SimulatedChip(path: other) }
    #expect(try Files.read(other).starts(with: Array("something else".utf8)))
  }

  @Test func levelsAreLogical() throws {
    let outside = try SimulatedChip(path: path)
    let bank = try GPIOBank.open(
      chip: .simulated(path: path),
      inputs: [
        GPIOInputLine(line: .offset(0), input: InputIndex(10)),
        GPIOInputLine(line: .offset(1), activeLow: true, bias: .pullUp, input: InputIndex(11)),
      ],
      outputs: [
        GPIOOutputLine(line: .offset(2), output: OutputIndex(20)),
        GPIOOutputLine(line: .offset(3), activeLow: true, safe: true, output: OutputIndex(21)),
        GPIOOutputLine(line: .offset(4), activeLow: true, output: OutputIndex(22)),
      ])
    #expect([0, 1, 2, 5].map { outside.direction($0) } == [.input, .input, .output, .unused])
    #expect([2, 3, 4].map { outside.output($0) } == [false, false, true], "safe from the first moment")
    var inputs = InputImage()
    #expect(bank.readInputs(into: &inputs) == 0)
    #expect(inputs.quality[10] == .good && inputs.quality[11] == .good && inputs.quality[0] == .unknown)
    #expect(!inputs.level[10] && !inputs.level[11], "an idle pulled-up line is inactive")
    outside.setInput(0, true)
    outside.setInput(1, false)
    bank.readInputs(into: &inputs)
    #expect(inputs.level[10] && inputs.level[11])
    var outputs = OutputImage()
    outputs[OutputIndex(20)] = true
    outputs[OutputIndex(22)] = true
    bank.writeOutputs(outputs)
    #expect([2, 3, 4].map { outside.output($0) } == [true, true, false])
    bank.writeSafe()
    #expect([2, 3, 4].map { outside.output($0) } == [false, false, true])
    bank.writeOutputs(outputs)
    #expect([2, 3, 4].map { outside.output($0) } == [true, true, false], "after safe, levels go out again")
  }

  @Test func aLineThatLostItsLevelGetsItBack() throws {
    let outside = try SimulatedChip(path: path)
    let bank = try GPIOBank.open(
      chip: .simulated(path: path), inputs: [],
      outputs: [GPIOOutputLine(line: .offset(0), output: OutputIndex(0))])
    var image = OutputImage()
    image[OutputIndex(0)] = true
    bank.writeOutputs(image)
    outside.setOutput(0, false)
    for _ in 0...GPIOLimits.refreshAfter + 1 { bank.writeOutputs(image) }
    #expect(outside.output(0))
  }

  @Test func aLineHasOneUse() {
    let chip = GPIOChipSource.simulated(path: path)
    #expect(throws: GPIOError.lineTwice(chip: path, line: 4)) {
      try GPIOBank.open(
        chip: chip, inputs: [GPIOInputLine(line: .offset(4), input: InputIndex(0))],
        outputs: [GPIOOutputLine(line: .offset(4), output: OutputIndex(0))])
    }
    for line in [GPIOLine.offset(512), .offset(-1), .name("GPIO4")] {
      #expect(throws: GPIOError.lineMissing(chip: path, line: "\(line)", lines: 512)) {
        try GPIOBank.open(chip: chip, inputs: [GPIOInputLine(line: line, input: InputIndex(0))], outputs: [])
      }
    }
  }

  @Test func aChipThatIsNotThereIsNamed() {
    do {
      _ = try GPIOBank.open(chip: .label("no-such-label"), inputs: [], outputs: [])
      Issue.record("it opened")
    } catch {
      guard case .chipMissing(let wanted, _, _) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(wanted == "chip labelled 'no-such-label'")
      #expect("\(error)".contains("there is"))
    }
  }

  /// Guard and controller: the child drives the lines that the parent opened, and dies; the parent makes them safe.
  @Test func theGuardMakesSafeWhatItsChildDrove() throws {
    let outside = try SimulatedChip(path: path)
    let bank = try GPIOBank.open(
      chip: .simulated(path: path), inputs: [],
      outputs: [GPIOOutputLine(line: .offset(0), output: OutputIndex(0))])
    var image = OutputImage()
    image[OutputIndex(0)] = true
    guard let child = try ForkedProcess.fork() else {
      bank.writeOutputs(image)
      ForkedProcess.leave(status: 7)
    }
    #expect(child.reap(milliseconds: 5_000) == .exited(7))
    #expect(outside.output(0))
    bank.writeSafe()
    #expect(!outside.output(0))
  }

  @Test func aCardIsReadOnSimulatedLines() throws {
    let outside = try SimulatedChip(path: path)
    outside.setInput(8, true)
    outside.setInput(9, true)
    var reader = try WiegandReader(
      chip: .simulated(path: path), d0: .offset(8), d1: .offset(9),
      setting: WiegandDecoder.Setting(names: ["H10301"], frameGap: 60_000_000)!)
    #expect(outside.direction(8) == .input)
    var result: WiegandResult?
    // A loaded machine may hold the listener up: that damages a frame, and the card is swiped again.
    for _ in 0..<10 where result?.credential == nil {
      for bit in bits(0x2F623AE, 26) {
        outside.setInput(bit ? 9 : 8, false)
        MonotonicClock.sleep(until: MonotonicClock.now() + 100_000)
        outside.setInput(bit ? 9 : 8, true)
        MonotonicClock.sleep(milliseconds: 4)
      }
      result = nil
      let end = MonotonicClock.now() + 3_000_000_000
      while result == nil, MonotonicClock.now() < end {
        reader.wake.wait(milliseconds: 5)
        result = reader.next()
      }
    }
    #expect(result?.credential == "card:H10301/123/4567")
    #expect(reader.failure == 0)
  }

  @Test func aFullRingIsToldByTheNextEdge() throws {
    let outside = try SimulatedChip(path: path)
    let source = try EdgeSource.open(
      chip: .simulated(path: path), lines: [.offset(0)], which: .both, capacity: 4)
    func pulse() {
      outside.setInput(0, !outside.input(0))
      MonotonicClock.sleep(milliseconds: 2)
    }
    for _ in 0..<12 { pulse() }
    #expect(eventually { source.losses > 0 })
    var taken: [Edge] = []
    while let edge = source.ring.pop() { taken.append(edge) }
    #expect(taken.count == 4)
    pulse()
    #expect(eventually { source.ring.count > 0 })
    #expect(source.ring.pop()?.lost == true)
  }
}
