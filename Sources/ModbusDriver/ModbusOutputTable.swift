import Platform
import Synchronization

/// The levels that a bus's outputs shall have: set by the scan without a lock, carried out by the bus's thread.
///
/// Only the present level counts. What was set and taken back while a unit was away is never made up for.
@safe public final class ModbusOutputTable: @unchecked Sendable {
  private let levels: UnsafeMutablePointer<Atomic<UInt8>>
  private let changed = Atomic<Bool>(false)
  private let wake: EventDescriptor
  public let count: Int

  init(safe: [Bool], wake: EventDescriptor) {
    count = safe.count
    self.wake = wake
    unsafe levels = .allocate(capacity: max(1, safe.count))
    for slot in 0..<max(1, safe.count) {
      unsafe (levels + slot).initialize(to: Atomic(slot < safe.count && safe[slot] ? 1 : 0))
    }
  }

  deinit {
    unsafe levels.deinitialize(count: max(1, count))
    unsafe levels.deallocate()
  }

  /// The logical level from now on. A change wakes the bus's thread; nothing allocates or waits.
  public func set(_ slot: Int, _ level: Bool) {
    precondition(slot >= 0 && slot < count, "the bus has no such output")
    let byte: UInt8 = level ? 1 : 0
    if unsafe levels[slot].exchange(byte, ordering: .acquiringAndReleasing) != byte,
      !changed.exchange(true, ordering: .acquiringAndReleasing)
    {
      wake.signal()
    }
  }

  public func level(_ slot: Int) -> Bool {
    precondition(slot >= 0 && slot < count, "the bus has no such output")
    return unsafe levels[slot].load(ordering: .acquiring) != 0
  }

  /// True where a level changed since the last call.
  func takeChange() -> Bool {
    changed.exchange(false, ordering: .acquiringAndReleasing)
  }
}
