import ControlCore
import Glibc
import Platform
import TestSupport
import Testing

@testable import GPIODriver

/// On a chip of the kernel's gpio-sim with 16 lines, labelled as GATEHOUSE_KERNEL_CHIP says; `hardware/bench/run` boots a
/// kernel that has one.
private let kernelChip = unsafe getenv("GATEHOUSE_KERNEL_CHIP").map { unsafe String(cString: $0) }

@Suite(.serialized, .enabled(if: kernelChip != nil, "needs a chip of gpio-sim: see hardware/bench"))
struct KernelChipTests {
  private let chip = GPIOChipSource.label(kernelChip ?? "")
  private let folder: String

  init() throws {
    let device = "/sys/devices/platform/gpio-sim.0"
    let name = try Files.list(device).first { $0.hasPrefix("gpiochip") }
    folder = "\(device)/\(try #require(name))"
  }

  private func pull(_ line: Int, up: Bool) throws {
    let file = try FileDescriptor.open(path: "\(folder)/sim_gpio\(line)/pull", flags: O_WRONLY)
    try file.writeAll(Array((up ? "pull-up" : "pull-down").utf8))
  }

  /// Low and high again. The simulated interrupt comes with the kernel's next tick, and two changes within one tick are
  /// one interrupt.
  private func pulse(_ line: Int) throws {
    for up in [false, true] {
      try pull(line, up: up)
      MonotonicClock.sleep(milliseconds: 15)
    }
  }

  private func value(_ line: Int) throws -> Bool {
    try Files.read("\(folder)/sim_gpio\(line)/value").first == UInt8(ascii: "1")
  }

  @Test func aChipIsFoundByLabelOrName() throws {
    let bank = try GPIOBank.open(chip: chip, inputs: [], outputs: [])
    #expect(bank.chip.label == kernelChip)
    #expect(bank.chip.lines == 16)
    let again = try GPIOBank.open(chip: .name(bank.chip.name), inputs: [], outputs: [])
    #expect(again.chip == bank.chip)
    #expect(
      throws: GPIOError.chipMissing(wanted: "chip labelled 'other'", present: [bank.chip], unreadable: [])
    ) {
      try GPIOBank.open(chip: .label("other"), inputs: [], outputs: [])
    }
  }

  @Test func inputsFollowTheirPins() throws {
    let biases: [GPIOBias?] = [nil, .pullUp, .pullDown, .disabled, nil]
    let bank = try GPIOBank.open(
      chip: chip,
      inputs: biases.indices.map {
        GPIOInputLine(line: .offset($0 * 3), activeLow: $0 % 2 == 1, bias: biases[$0], input: InputIndex($0))
      }, outputs: [])
    var image = InputImage()
    for pattern in 0..<32 {
      for position in biases.indices { try pull(position * 3, up: pattern >> position & 1 != 0) }
      #expect(bank.readInputs(into: &image) == 0)
      for position in biases.indices {
        #expect(image.level[position] == ((pattern >> position & 1 != 0) != (position % 2 == 1)))
        #expect(image.quality[position] == .good)
      }
    }
  }

  @Test func outputsDriveTheirPins() throws {
    let bank = try GPIOBank.open(
      chip: chip, inputs: [],
      outputs: [
        GPIOOutputLine(line: .offset(1), output: OutputIndex(0)),
        GPIOOutputLine(line: .offset(2), activeLow: true, output: OutputIndex(1)),
        GPIOOutputLine(line: .offset(5), safe: true, output: OutputIndex(2)),
      ])
    #expect(try [1, 2, 5].map { try value($0) } == [false, true, true])
    var image = OutputImage()
    for pattern in 0..<8 {
      for position in 0..<3 { image[OutputIndex(position)] = pattern >> position & 1 != 0 }
      #expect(bank.writeOutputs(image) == 0)
      #expect(try value(1) == (pattern & 1 != 0))
      #expect(try value(2) == (pattern & 2 == 0))
      #expect(try value(5) == (pattern & 4 != 0))
    }
    #expect(bank.writeSafe() == 0)
    #expect(try [1, 2, 5].map { try value($0) } == [false, true, true])
  }

  @Test func aLineInUseIsToldWithItsHolder() throws {
    let line = GPIOOutputLine(line: .offset(3), output: OutputIndex(0))
    let held = try GPIOBank.open(chip: chip, inputs: [], outputs: [line], consumer: "somebody")
    #expect(throws: GPIOError.lineBusy(chip: held.chip.name, line: 3, consumer: "somebody")) {
      try GPIOBank.open(
        chip: chip, inputs: [GPIOInputLine(line: .offset(2), input: InputIndex(0))],
        outputs: [line])
    }
    // What was taken before the refusal is free again.
    _ = try GPIOBank.open(
      chip: chip, inputs: [GPIOInputLine(line: .offset(2), input: InputIndex(0))], outputs: [])
  }

  @Test func aLineThatIsNotThereIsTold() throws {
    for line in [GPIOLine.offset(16), .name("nobody")] {
      do {
        _ = try GPIOBank.open(
          chip: chip, inputs: [GPIOInputLine(line: line, input: InputIndex(0))], outputs: [])
        Issue.record("\(line) opened")
      } catch {
        guard case .lineMissing(_, _, 16) = error else {
          Issue.record("\(error)")
          continue
        }
      }
    }
  }

  @Test func theGuardMakesSafeWhatItsChildDrove() throws {
    let bank = try GPIOBank.open(
      chip: chip, inputs: [], outputs: [GPIOOutputLine(line: .offset(7), output: OutputIndex(0))])
    var image = OutputImage()
    image[OutputIndex(0)] = true
    guard let child = try ForkedProcess.fork() else {
      ForkedProcess.leave(status: bank.writeOutputs(image))
    }
    #expect(child.reap(milliseconds: 5_000) == .exited(0))
    #expect(try value(7), "the line holds after its driver's end")
    #expect(bank.writeSafe() == 0)
    #expect(try !value(7))
  }

  @Test func aCardIsRead() throws {
    try pull(10, up: true)
    try pull(11, up: true)
    var reader = try WiegandReader(
      chip: chip, d0: .offset(10), d1: .offset(11),
      setting: WiegandDecoder.Setting(names: ["H10301", "H10304"], frameGap: 250_000_000)!)
    for known in [KnownFrame.all[0], KnownFrame.all[1], KnownFrame.all[9]] {
      let format = try #require(WiegandFormat.named(known.format))
      for bit in bits(known.frame, format.bits) {
        try pulse(bit ? 11 : 10)
      }
      var result: WiegandResult?
      #expect(
        eventually {
          result = reader.next()
          return result != nil
        })
      #expect(result?.credential == "card:\(known.testDescription)")
    }
    #expect(reader.losses == 0)
  }

  @Test func edgesCarryTheKernelsTime() throws {
    try pull(12, up: true)
    let source = try EdgeSource.open(chip: chip, lines: [.offset(12)], which: .both)
    var instants: [UInt64] = []
    for level in [false, true, false, true] {
      instants.append(MonotonicClock.now())
      try pull(12, up: level)
      MonotonicClock.sleep(milliseconds: 30)
    }
    instants.append(MonotonicClock.now())
    #expect(eventually { source.ring.count == 4 })
    for position in 0..<4 {
      let edge = try #require(source.ring.pop())
      #expect(edge.at >= instants[position] && edge.at <= instants[position + 1])
      #expect(edge.rising == (position % 2 == 1))
      #expect(!edge.lost && edge.line == 0)
    }
  }

  /// Nobody listens for a while: what the kernel had to drop is told.
  @Test func whatTheKernelDroppedIsTold() throws {
    try pull(13, up: true)
    let ears = try KernelEars(chip: chip, lines: [.offset(13)], which: .falling, bias: nil, consumer: "late")
    for _ in 0..<40 { try pulse(13) }
    MonotonicClock.sleep(milliseconds: 50)
    var edges: [Edge] = []
    try ears.hear(&edges, stop: try EventDescriptor())
    #expect(edges.count == 40 || edges.contains { $0.lost }, "\(edges.count) edges")
    #expect(edges.count >= 16)
    #expect(zip(edges, edges.dropFirst()).allSatisfy { $0.at <= $1.at })
  }
}
