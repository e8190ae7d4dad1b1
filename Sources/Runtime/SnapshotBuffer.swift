import Synchronization

/// The newest of a thread's values for everybody else: the writer never waits and never allocates.
///
/// Three slots: the writer fills its own and exchanges it for the middle one; a reader exchanges its own for the middle
/// one where that is fresh. Readers share one side under a lock of theirs, which the writer never touches.
@safe public final class SnapshotBuffer<Value: Sendable>: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Value>
  /// The middle slot's number; bit 2 says that the writer put it there after the last reading.
  private let middle = Atomic<UInt8>(1)
  private static var fresh: UInt8 { 4 }
  // Only the writer's thread touches `back`.
  private var back: UInt8 = 0
  private let front = Mutex<UInt8>(2)

  public init(_ first: Value) {
    unsafe slots = .allocate(capacity: 3)
    unsafe slots.initialize(repeating: first, count: 3)
  }

  deinit {
    unsafe slots.deinitialize(count: 3)
    unsafe slots.deallocate()
  }

  /// The one writer's side: `fill` overwrites whatever old value the slot holds.
  public func publish(_ fill: (inout Value) -> Void) {
    unsafe fill(&slots[Int(back)])
    back = middle.exchange(back | Self.fresh, ordering: .acquiringAndReleasing) & 3
  }

  /// The newest published value.
  public func read<Result>(_ body: (borrowing Value) -> Result) -> Result {
    front.withLock { front in
      if middle.load(ordering: .relaxed) & Self.fresh != 0 {
        front = middle.exchange(front, ordering: .acquiringAndReleasing) & 3
      }
      return unsafe body(slots[Int(front)])
    }
  }
}
