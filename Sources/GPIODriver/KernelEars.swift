import CGpiod
import Platform

/// Edges of a kernel chip.
///
/// libgpiod 1 gives a descriptor a line, with a queue of 16 that drops the newest and tells nobody: a read that fills
/// the queue counts as a loss. libgpiod 2 gives one descriptor and sequence numbers, whose gaps are losses.
@safe final class KernelEars: EdgeEars, @unchecked Sendable {
  private let chip: KernelChip
  private let request: UnsafeMutableRawPointer
  private let offsets: [UInt32]
  private let descriptors: [Int32]
  private let queue = Int(gh_gpiod_edge_queue())
  private var sequence: [UInt64]
  private var buffer = [gh_gpiod_edge](repeating: gh_gpiod_edge(), count: Int(GH_GPIOD_EDGES_OF_READ))

  init(
    chip source: GPIOChipSource, lines: [GPIOLine], which: EdgeSource.Which, bias: GPIOBias?, consumer: String
  ) throws(GPIOError) {
    let chip = try KernelChip.find(source)
    var offsets: [UInt32] = []
    for line in lines { offsets.append(try chip.offset(of: line)) }
    let kind =
      switch which {
      case .rising: GH_GPIOD_RISING
      case .falling: GH_GPIOD_FALLING
      case .both: GH_GPIOD_BOTH
      }
    guard
      let request = unsafe gh_gpiod_request_edges(
        chip.pointer, offsets, UInt32(offsets.count), Int32(kind.rawValue), KernelLines.code(bias),
        GPIOLimits.edgesOfKernel, consumer)
    else { throw chip.refusal("request of edges", gh_gpiod_errno(), offsets) }
    self.chip = chip
    unsafe self.request = request
    self.offsets = offsets
    descriptors = unsafe (0..<gh_gpiod_edge_descriptors(request)).map {
      unsafe gh_gpiod_edge_descriptor(request, $0)
    }
    sequence = Array(repeating: 0, count: lines.count)
  }

  deinit {
    unsafe gh_gpiod_release(request)
  }

  func hear(_ edges: inout [Edge], stop: EventDescriptor) throws(SystemError) {
    var poll = Poll()
    poll.add(stop.raw)
    for descriptor in descriptors { poll.add(descriptor) }
    var ready = try poll.wait(milliseconds: 100)
    // Until nothing is left: an edge of one line must not be handed on before an older one of another line.
    while edges.count < 4 * buffer.count {
      let before = edges.count
      for (which, descriptor) in descriptors.enumerated() {
        guard let found = ready.first(where: { $0.descriptor == descriptor }) else { continue }
        guard found.what.contains(.read) else {
          throw SystemError(call: "poll of edges", code: Self.noDevice)
        }
        try read(UInt32(which), &edges)
      }
      if edges.count == before { return }
      ready = try poll.wait(milliseconds: 0)
    }
  }

  private func read(_ which: UInt32, _ edges: inout [Edge]) throws(SystemError) {
    let count = unsafe gh_gpiod_read_edges(request, which, UInt32(offsets.count), offsets, &buffer)
    guard count >= 0 else { throw SystemError(call: "read of edges", code: gh_gpiod_errno()) }
    for event in buffer[..<Int(count)] {
      let line = Int(event.line)
      let skipped = event.line_sequence != 0 && event.line_sequence != sequence[line] &+ 1
      sequence[line] = event.line_sequence
      edges.append(
        Edge(line: UInt8(line), at: event.nanoseconds, rising: event.rising != 0, lost: skipped))
    }
    if queue > 0, count >= queue { edges[edges.count - 1].lost = true }
  }

  /// ENODEV.
  private static let noDevice: Int32 = 19
}
