import CGpiod

/// Lines of a kernel chip, read or driven together: one request, or a few where the chip has more than 64 lines or the
/// interface wants one bias a request. A call fills or takes the levels of all lines in their order.
@safe final class KernelLines: @unchecked Sendable {
  @safe private struct Part {
    var request: UnsafeMutableRawPointer
    var first: Int
    var count: UInt32
  }

  private let chip: KernelChip
  private var parts: [Part] = []
  /// One physical level a line, in the order of the parts; `order` tells whose it is.
  let levels: UnsafeMutablePointer<Int32>
  /// Position of the caller's line for each place in `levels`.
  private(set) var order: [Int] = []
  let count: Int

  private init(chip: KernelChip, count: Int) {
    self.chip = chip
    self.count = count
    unsafe levels = .allocate(capacity: max(1, count))
    unsafe levels.initialize(repeating: 0, count: max(1, count))
  }

  deinit {
    for part in parts { unsafe gh_gpiod_release(part.request) }
    unsafe levels.deallocate()
  }

  static func inputs(
    chip: KernelChip, offsets: [UInt32], biases: [GPIOBias?], consumer: String
  ) throws(GPIOError) -> KernelLines {
    let lines = KernelLines(chip: chip, count: offsets.count)
    let codes = biases.map(Self.code)
    for group in groups(codes) {
      let taken = group.map { offsets[$0] }
      let bias = group.map { codes[$0] }
      unsafe try lines.add(group, taken, "request of inputs") {
        unsafe gh_gpiod_request_inputs(chip.pointer, taken, bias, UInt32(taken.count), consumer)
      }
    }
    return lines
  }

  /// `initial` are the physical levels that the lines have from the moment they become outputs.
  static func outputs(
    chip: KernelChip, offsets: [UInt32], initial: [Int32], consumer: String
  ) throws(GPIOError) -> KernelLines {
    let lines = KernelLines(chip: chip, count: offsets.count)
    for group in groups([Int32](repeating: 0, count: offsets.count)) {
      let taken = group.map { offsets[$0] }
      let level = group.map { initial[$0] }
      unsafe try lines.add(group, taken, "request of outputs") {
        unsafe gh_gpiod_request_outputs(chip.pointer, taken, level, UInt32(taken.count), consumer)
      }
    }
    return lines
  }

  private func add(
    _ group: [Int], _ offsets: [UInt32], _ call: String, _ request: () -> UnsafeMutableRawPointer?
  ) throws(GPIOError) {
    guard let made = unsafe request() else { throw chip.refusal(call, gh_gpiod_errno(), offsets) }
    unsafe parts.append(Part(request: made, first: order.count, count: UInt32(group.count)))
    order += group
  }

  /// Fills `levels`; 0 or `errno`.
  func read() -> Int32 {
    for index in parts.indices {
      let part = parts[index]
      if unsafe gh_gpiod_get(part.request, levels + part.first, part.count) != 0 { return gh_gpiod_errno() }
    }
    return 0
  }

  /// Drives `levels`; all parts are tried; 0 or the first `errno`.
  func write() -> Int32 {
    var code: Int32 = 0
    for index in parts.indices {
      let part = parts[index]
      if unsafe gh_gpiod_set(part.request, levels + part.first, part.count) != 0, code == 0 {
        code = gh_gpiod_errno()
      }
    }
    return code
  }

  /// Positions that may share a request.
  private static func groups(_ biases: [Int32]) -> [[Int]] {
    let limit = Int(GH_GPIOD_LINES_OF_REQUEST)
    let keys = gh_gpiod_one_bias_a_request() ? Set(biases).sorted() : [-1]
    return keys.flatMap { key in
      let members = biases.indices.filter { key == -1 || biases[$0] == key }
      return stride(from: 0, to: members.count, by: limit).map {
        Array(members[$0..<min($0 + limit, members.count)])
      }
    }
  }

  static func code(_ bias: GPIOBias?) -> Int32 {
    switch bias {
    case nil: Int32(GH_GPIOD_AS_IS.rawValue)
    case .pullUp: Int32(GH_GPIOD_PULL_UP.rawValue)
    case .pullDown: Int32(GH_GPIOD_PULL_DOWN.rawValue)
    case .disabled: Int32(GH_GPIOD_DISABLED.rawValue)
    }
  }
}
