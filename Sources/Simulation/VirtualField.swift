public import ControlCore
public import Runtime

/// The field on a virtual clock: the controller's images meet a ``Plant`` directly, and time is what it is told.
public struct VirtualField: FieldPort, ~Copyable {
  public var plant: Plant
  /// Inputs whose wire is off: their quality is bad.
  public var lost: Set<InputIndex> = []
  /// The levels that the controller last drove.
  public private(set) var outputs: [Bool]
  private let inputCount: Int
  private var last: Instant?

  public init(setting: ControllerSetting) {
    plant = Plant(setting: setting)
    outputs = setting.outputs.map(\.safe)
    inputCount = setting.inputs.count
  }

  /// Moves the plant on to `now` under the outputs as they stand, then shows what the sensors see.
  public mutating func read(into image: inout InputImage, now: Instant) {
    if let last { plant.step(outputs, by: now.since(last)) }
    last = now
    for position in 0..<inputCount {
      image.level[position] = plant.levels[position]
      image.quality[position] = .good
    }
    for input in lost { image.quality[input.position] = .bad }
  }

  public mutating func write(_ image: borrowing OutputImage, now: Instant) {
    for position in outputs.indices { outputs[position] = image.level[position] }
  }

  /// What the guard does when the controller is gone: every output at its safe level.
  public mutating func makeSafe(_ setting: ControllerSetting) {
    for position in outputs.indices { outputs[position] = setting.outputs[position].safe }
  }
}
