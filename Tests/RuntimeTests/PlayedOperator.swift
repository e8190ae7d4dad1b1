import Platform
import Synchronization

/// A barrier operator behind a Modbus server, with the registers and coils of `hardware/devices/came-gard-ptx.json5`:
/// it takes its orders back by itself, moves its arm by its own motor, and goes back up from an obstruction.
final class PlayedOperator: Sendable {
  enum Order: Int, Sendable, CaseIterable {
    case stop = 1, open = 2, partial = 3, close = 4, step = 5, reset = 8
  }

  private struct State {
    var orders: [Order] = []
    var isObstructed = false
    /// 0 to 100 %.
    var position = 0.0
    /// Per millisecond; below 0 it goes down.
    var speed = 0.0
    var stopped = false
  }

  static let travel = 800.0
  /// What the error register says after an obstruction.
  static let obstructed: UInt16 = 7

  let bench: ModbusBench
  private let state = Mutex(State())
  private let stopping = Atomic<Bool>(false)
  private let thread = Mutex<PlatformThread?>(nil)

  init(_ bench: ModbusBench) throws {
    self.bench = bench
    tell(State())
    let own = try PlatformThread.start(name: "operator", realTimePriority: 30) { [self] in run() }
    thread.withLock { $0 = own }
  }

  func stop() {
    stopping.store(true, ordering: .releasing)
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }

  /// The orders that it was given, in their order.
  var orders: [Order] { state.withLock { $0.orders } }

  /// Somebody stands under the arm.
  func obstruct(_ obstructed: Bool) { state.withLock { $0.isObstructed = obstructed } }

  func clearError() { bench.setRegister(104, 0) }

  private func run() {
    var due = MonotonicClock.now()
    while !stopping.load(ordering: .acquiring) {
      state.withLock { state in
        obey(&state)
        move(&state, milliseconds: 5)
        tell(state)
      }
      due += 5_000_000
      MonotonicClock.sleep(until: due)
    }
  }

  private func obey(_ state: inout State) {
    for order in Order.allCases where bench.coil(order.rawValue) {
      bench.setCoil(order.rawValue, false)
      state.orders.append(order)
      switch order {
      case .open: state.speed = 100 / Self.travel
      case .close: state.speed = -100 / Self.travel
      case .stop: state.speed = 0
      case .reset: clearError()
      case .partial, .step: break
      }
    }
  }

  private func move(_ state: inout State, milliseconds: Double) {
    if state.speed < 0, state.isObstructed {
      bench.setRegister(104, Self.obstructed)
      state.speed = 100 / Self.travel
    }
    state.position = min(100, max(0, state.position + state.speed * milliseconds))
    if state.speed > 0 && state.position == 100 || state.speed < 0 && state.position == 0 { state.speed = 0 }
  }

  private func tell(_ state: State) {
    let status: UInt16 =
      switch (state.speed, state.position) {
      case (let speed, _) where speed > 0: 32
      case (let speed, _) where speed < 0: 33
      case (_, 100): 16
      case (_, 0): 17
      default: 19
      }
    bench.setRegister(101, status)
    bench.setRegister(102, UInt16(state.position))
  }
}
