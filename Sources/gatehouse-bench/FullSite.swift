import ControlCore
import Runtime

/// A site at the limits: 64 points of all kinds, 512 inputs, 512 outputs.
enum FullSite {
  static func setting() -> ControllerSetting {
    var setting = ControllerSetting()
    setting.inputs = Array(repeating: InputSetting(debounce: .milliseconds(5)), count: Limits.inputs)
    setting.outputs = Array(repeating: OutputSetting(safe: false), count: Limits.outputs)
    for place in 0..<Limits.points {
      let input = InputIndex(place * 8)
      let output = OutputIndex(place * 8)
      switch place % 3 {
      case 0: setting.points.append(.barrier(barrier(output, input)))
      case 1: setting.points.append(.gate(gate(output, input)))
      default: setting.points.append(.door(door(output, input)))
      }
    }
    return setting
  }

  private static func barrier(_ output: OutputIndex, _ input: InputIndex) -> BarrierSetting {
    var barrier = BarrierSetting(raise: output, lower: OutputIndex(output.position + 1))
    barrier.up = input
    barrier.down = InputIndex(input.position + 1)
    barrier.closingLoop = InputIndex(input.position + 2)
    return barrier
  }

  private static func gate(_ output: OutputIndex, _ input: InputIndex) -> GateSetting {
    var gate = GateSetting(open: output, close: OutputIndex(output.position + 1))
    gate.openLimit = input
    gate.closedLimit = InputIndex(input.position + 1)
    gate.photocell = InputIndex(input.position + 2)
    return gate
  }

  private static func door(_ output: OutputIndex, _ input: InputIndex) -> DoorSetting {
    var door = DoorSetting(lock: output)
    door.contact = input
    door.exitButton = InputIndex(input.position + 1)
    return door
  }
}

/// A field whose inputs change all the time, so that the machines have work: a new input flips every scan, and each
/// holds its level for 512 scans.
struct BusyField: FieldPort {
  private var next = 0
  private var level = InlineArray<512, Bool>(repeating: false)
  private(set) var levelsWritten = 0

  mutating func read(into image: inout InputImage, now: Instant) {
    level[next].toggle()
    next = (next + 1) % Limits.inputs
    for place in level.indices {
      image.level[place] = level[place]
      image.quality[place] = .good
    }
  }

  mutating func write(_ image: borrowing OutputImage, now: Instant) {
    for place in image.level.indices where image.level[place] { levelsWritten &+= 1 }
  }
}
