public import Platform
import Synchronization

/// Listens to the edges of a few lines on a thread of its own and hands them on, in the order of their time stamps.
///
/// Opened by the process that uses it, after `fork`: it owns a thread. One thread takes from ``ring``.
public final class EdgeSource: Sendable {
  public enum Which: Sendable {
    case rising
    case falling
    case both
  }

  /// What was heard; the consumer pops.
  public let ring: Ring<Edge>
  /// Signalled after every batch that went into the ring.
  public let wake: EventDescriptor
  private let state: EdgeListening
  private let thread: PlatformThread

  private init(ring: Ring<Edge>, wake: EventDescriptor, state: EdgeListening, thread: PlatformThread) {
    self.ring = ring
    self.wake = wake
    self.state = state
    self.thread = thread
  }

  deinit {
    state.stop.signal()
    thread.join()
  }

  /// - Parameters:
  ///   - lines: at most 64, all of one chip.
  ///   - capacity: edges that may wait for the consumer; a power of two. What finds it full is dropped, and the next
  ///     edge says so.
  ///   - wake: signalled with each batch, where the consumer already waits for one; nil makes one.
  ///   - realTimePriority: SCHED_FIFO; below the scan's.
  public static func open(
    chip: GPIOChipSource, lines: [GPIOLine], which: Which = .falling, bias: GPIOBias? = nil,
    capacity: Int = 1_024,
    wake: EventDescriptor? = nil, realTimePriority: Int? = nil, consumer: String = "gatehouse"
  ) throws(GPIOError) -> EdgeSource {
    precondition(!lines.isEmpty && lines.count <= 64, "one to 64 lines are listened to together")
    let ears: any EdgeEars
    switch chip {
    case .simulated(let path):
      ears = try SimulatedEars(path: path, lines: lines, which: which, bias: bias)
    case .label, .name:
      ears = try KernelEars(chip: chip, lines: lines, which: which, bias: bias, consumer: consumer)
    }
    let ring = Ring<Edge>(capacity: capacity, filledWith: Edge(line: 0, at: 0))
    do throws(SystemError) {
      let wake = if let wake { wake } else { try EventDescriptor() }
      let state = EdgeListening(ring: ring, wake: wake, stop: try EventDescriptor(), lines: lines.count)
      let thread = try PlatformThread.start(name: "edges", realTimePriority: realTimePriority) {
        state.listen(ears)
      }
      return EdgeSource(ring: ring, wake: wake, state: state, thread: thread)
    } catch {
      throw .refused(chip: "\(chip)", call: error.call, code: error.code, text: error.text)
    }
  }

  /// Times that edges were lost, or may have been, in the kernel or before the ring.
  public var losses: Int { state.losses.load(ordering: .relaxed) }
  /// Edges handed on.
  public var heard: Int { state.heard.load(ordering: .relaxed) }
  /// `errno` where the chip went away and the thread ended; 0 while it listens.
  public var failure: Int32 { state.failure.load(ordering: .relaxed) }
}

/// Where edges come from. `hear` waits at most about 100 ms and returns all that is there, in any order.
protocol EdgeEars: AnyObject, Sendable {
  /// Throws where the chip is gone. `stop` interrupts the wait.
  func hear(_ edges: inout [Edge], stop: EventDescriptor) throws(SystemError)
}

/// The listening thread's state.
final class EdgeListening: Sendable {
  let ring: Ring<Edge>
  let wake: EventDescriptor
  let stop: EventDescriptor
  let lines: Int
  let losses = Atomic<Int>(0)
  let heard = Atomic<Int>(0)
  let failure = Atomic<Int32>(0)

  init(ring: Ring<Edge>, wake: EventDescriptor, stop: EventDescriptor, lines: Int) {
    self.ring = ring
    self.wake = wake
    self.stop = stop
    self.lines = lines
  }

  func listen(_ ears: any EdgeEars) {
    var batch: [Edge] = []
    batch.reserveCapacity(256)
    var dropped = [Bool](repeating: false, count: lines)
    while !stop.drain() {
      batch.removeAll(keepingCapacity: true)
      do throws(SystemError) {
        try ears.hear(&batch, stop: stop)
      } catch {
        failure.store(error.code, ordering: .relaxed)
        wake.signal()
        return
      }
      if batch.isEmpty { continue }
      batch.sort { $0.at < $1.at }
      for edge in batch { hand(edge, &dropped) }
      wake.signal()
    }
  }

  private func hand(_ edge: Edge, _ dropped: inout [Bool]) {
    var edge = edge
    if edge.lost { losses.wrappingAdd(1, ordering: .relaxed) }
    if dropped[Int(edge.line)] { edge.lost = true }
    if ring.push(edge) {
      dropped[Int(edge.line)] = false
      heard.wrappingAdd(1, ordering: .relaxed)
    } else {
      dropped[Int(edge.line)] = true
      losses.wrappingAdd(1, ordering: .relaxed)
    }
  }
}
