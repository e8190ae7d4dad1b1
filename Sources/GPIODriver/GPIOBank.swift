public import ControlCore

/// The inputs and outputs that the scan has on one chip.
///
/// Made before the controller is forked, so that guard and controller hold the same lines: descriptors and the pages of
/// a simulated chip survive `fork`. There is no thread in it, and reading and writing neither allocate nor lock; one
/// thread of a process uses it at a time.
@safe public final class GPIOBank: @unchecked Sendable {
  private enum Lines {
    case kernel(inputs: KernelLines?, outputs: KernelLines?)
    case simulated(SimulatedChip)
  }

  /// What of a line the scan's calls need, without its name.
  private struct Wire {
    var offset: Int
    var activeLow: Bool
    /// Its place in the image.
    var place: Int
    var safe = false
  }

  public let chip: GPIOChipIdentity
  private let lines: Lines
  private let inputs: [Wire]
  private let outputs: [Wire]
  /// What was last driven, by position of `outputs`.
  private var driven: [Bool]
  /// Writes left out since the last one; negative: the next one must go out.
  private var leftOut = -1

  private init(
    chip: GPIOChipIdentity, lines: Lines, inputs: [GPIOInputLine], inputOffsets: [UInt32],
    outputs: [GPIOOutputLine], outputOffsets: [UInt32]
  ) {
    self.chip = chip
    self.lines = lines
    self.inputs = zip(inputs, inputOffsets).map {
      Wire(offset: Int($1), activeLow: $0.activeLow, place: $0.input.position)
    }
    self.outputs = zip(outputs, outputOffsets).map {
      Wire(offset: Int($1), activeLow: $0.activeLow, place: $0.output.position, safe: $0.safe)
    }
    driven = outputs.map(\.safe)
  }

  /// Requests the lines. Outputs have their safe level from the first moment on.
  /// - Parameter consumer: what `gpioinfo` shows as the holder; at most 31 bytes count.
  public static func open(
    chip source: GPIOChipSource, inputs: [GPIOInputLine], outputs: [GPIOOutputLine],
    consumer: String = "gatehouse"
  ) throws(GPIOError) -> GPIOBank {
    switch source {
    case .simulated(let path): try openSimulated(path, inputs, outputs)
    case .label, .name: try openKernel(source, inputs, outputs, consumer)
    }
  }

  private static func openKernel(
    _ source: GPIOChipSource, _ inputs: [GPIOInputLine], _ outputs: [GPIOOutputLine], _ consumer: String
  ) throws(GPIOError) -> GPIOBank {
    let chip = try KernelChip.find(source)
    var inputOffsets: [UInt32] = []
    for input in inputs { inputOffsets.append(try chip.offset(of: input.line)) }
    var outputOffsets: [UInt32] = []
    for output in outputs { outputOffsets.append(try chip.offset(of: output.line)) }
    try refuseTwice(inputOffsets + outputOffsets, chip.identity.name)
    let reading =
      inputs.isEmpty
      ? nil
      : try KernelLines.inputs(
        chip: chip, offsets: inputOffsets, biases: inputs.map(\.bias), consumer: consumer)
    let driving =
      outputs.isEmpty
      ? nil
      : try KernelLines.outputs(
        chip: chip, offsets: outputOffsets, initial: outputs.map { $0.safe != $0.activeLow ? 1 : 0 },
        consumer: consumer)
    return GPIOBank(
      chip: chip.identity, lines: .kernel(inputs: reading, outputs: driving), inputs: inputs,
      inputOffsets: inputOffsets, outputs: outputs, outputOffsets: outputOffsets)
  }

  private static func openSimulated(
    _ path: String, _ inputs: [GPIOInputLine], _ outputs: [GPIOOutputLine]
  ) throws(GPIOError) -> GPIOBank {
    let chip = try SimulatedChip(path: path)
    var inputOffsets: [UInt32] = []
    for input in inputs { inputOffsets.append(try chip.offset(of: input.line)) }
    var outputOffsets: [UInt32] = []
    for output in outputs { outputOffsets.append(try chip.offset(of: output.line)) }
    try refuseTwice(inputOffsets + outputOffsets, path)
    for (position, offset) in inputOffsets.enumerated() {
      chip.request(offset, as: .input, pulledUp: inputs[position].bias == .pullUp)
    }
    let bank = GPIOBank(
      chip: GPIOChipIdentity(name: path, label: "simulated", lines: SimulatedChip.lines),
      lines: .simulated(chip), inputs: inputs, inputOffsets: inputOffsets, outputs: outputs,
      outputOffsets: outputOffsets)
    bank.writeSafe()
    for offset in outputOffsets { chip.setDirection(Int(offset), .output) }
    return bank
  }

  private static func refuseTwice(_ offsets: [UInt32], _ chip: String) throws(GPIOError) {
    var seen = Set<UInt32>()
    for offset in offsets where !seen.insert(offset).inserted {
      throw .lineTwice(chip: chip, line: Int(offset))
    }
  }

  /// Fills the places of this bank's inputs: one bulk call. Where the chip does not answer they become `.bad`, keep
  /// their last level, and the result is `errno`; otherwise 0.
  @discardableResult
  public func readInputs(into image: inout InputImage) -> Int32 {
    switch lines {
    case .kernel(let lines, _):
      guard let lines else { return 0 }
      let code = lines.read()
      if code != 0 {
        for position in inputs.indices { image.quality[inputs[position].place] = .bad }
        return code
      }
      for place in 0..<lines.count {
        let wire = inputs[lines.order[place]]
        let high = unsafe lines.levels[place] != 0
        image.level[wire.place] = high != wire.activeLow
        image.quality[wire.place] = .good
      }
    case .simulated(let chip):
      for position in inputs.indices {
        let wire = inputs[position]
        image.level[wire.place] = chip.input(wire.offset) != wire.activeLow
        image.quality[wire.place] = .good
      }
    }
    return 0
  }

  /// Drives the image's levels: one bulk call where a level changed, where the last call failed, and now and then.
  /// 0 or `errno`.
  @discardableResult
  public func writeOutputs(_ image: borrowing OutputImage) -> Int32 {
    var changed = leftOut < 0 || leftOut >= GPIOLimits.refreshAfter
    for position in outputs.indices {
      let level = image.level[outputs[position].place]
      if driven[position] != level {
        driven[position] = level
        changed = true
      }
    }
    if !changed {
      leftOut += 1
      return 0
    }
    return drive()
  }

  /// Drives every output to its safe level, whatever was driven before. 0 or `errno`.
  @discardableResult
  public func writeSafe() -> Int32 {
    for position in outputs.indices { driven[position] = outputs[position].safe }
    return drive()
  }

  private func drive() -> Int32 {
    var code: Int32 = 0
    switch lines {
    case .kernel(_, let lines):
      guard let lines else { break }
      for place in 0..<lines.count {
        let position = lines.order[place]
        unsafe lines.levels[place] = driven[position] != outputs[position].activeLow ? 1 : 0
      }
      code = lines.write()
    case .simulated(let chip):
      for position in outputs.indices {
        chip.setOutput(outputs[position].offset, driven[position] != outputs[position].activeLow)
      }
    }
    leftOut = code == 0 ? 0 : -1
    return code
  }
}
