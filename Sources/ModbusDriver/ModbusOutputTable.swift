import Platform
import Synchronization

/// The levels that a bus's outputs shall have: set by the scan without a lock, carried out by the bus's thread.
///
/// Only the present level counts. What was set and taken back while a unit was away is never made up for.
@safe public final class ModbusOutputTable: @unchecked Sendable {
  private let levels: UnsafeMutablePointer<Atomic<UInt8>>
  /// Bits 0 to 62: since when the unit reads back otherwise than it was told, 0 while it does not; bit 63: how.
  private let differences: UnsafeMutablePointer<Atomic<UInt64>>
  private let changed = Atomic<Bool>(false)
  private let wake: EventDescriptor
  public let count: Int

  init(safe: [Bool], wake: EventDescriptor) {
    count = safe.count
    self.wake = wake
    unsafe levels = .allocate(capacity: max(1, safe.count))
    unsafe differences = .allocate(capacity: max(1, safe.count))
    for slot in 0..<max(1, safe.count) {
      unsafe (differences + slot).initialize(to: Atomic(0))
      unsafe (levels + slot).initialize(to: Atomic(slot < safe.count && safe[slot] ? 1 : 0))
    }
  }

  deinit {
    unsafe levels.deinitialize(count: max(1, count))
    unsafe levels.deallocate()
    unsafe differences.deinitialize(count: max(1, count))
    unsafe differences.deallocate()
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

  /// The level that the unit gives back where that is not what it was told and confirmed, and since when (nanoseconds of
  /// CLOCK_MONOTONIC); nil where it agrees, and where nobody can tell.
  public func difference(_ slot: Int) -> (level: Bool, since: UInt64)? {
    precondition(slot >= 0 && slot < count, "the bus has no such output")
    let word = unsafe differences[slot].load(ordering: .relaxed)
    return word == 0 ? nil : (word >> 63 != 0, word & ~(1 << 63))
  }

  func differ(_ slot: Int, reads level: Bool, since: UInt64) {
    unsafe differences[slot].store((level ? 1 << 63 : 0) | since & ~(1 << 63), ordering: .relaxed)
  }

  func agree(_ slot: Int) { unsafe differences[slot].store(0, ordering: .relaxed) }

  /// True where a level changed since the last call.
  func takeChange() -> Bool {
    changed.exchange(false, ordering: .acquiringAndReleasing)
  }
}
