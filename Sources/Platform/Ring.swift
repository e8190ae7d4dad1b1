import Synchronization

/// A bounded ring between exactly one producer thread and one consumer thread: no lock, no allocation.
@safe public final class Ring<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  private let slots: UnsafeMutablePointer<Element>
  private let capacity: Int
  // Only the producer stores `tail`, only the consumer stores `head`; both only grow.
  private let head = Atomic<Int>(0)
  private let tail = Atomic<Int>(0)

  /// `capacity` must be a power of two.
  public init(capacity: Int, filledWith element: Element) {
    precondition(capacity > 0 && capacity & (capacity - 1) == 0, "a ring's capacity is a power of two")
    self.capacity = capacity
    unsafe slots = .allocate(capacity: capacity)
    unsafe slots.initialize(repeating: element, count: capacity)
  }

  deinit {
    unsafe slots.deallocate()
  }

  public var count: Int { tail.load(ordering: .acquiring) - head.load(ordering: .acquiring) }

  /// The producer's side; false where the ring is full and the element was not taken.
  public func push(_ element: Element) -> Bool {
    let end = tail.load(ordering: .relaxed)
    guard end - head.load(ordering: .acquiring) < capacity else { return false }
    unsafe slots[end & (capacity - 1)] = element
    tail.store(end + 1, ordering: .releasing)
    return true
  }

  /// The consumer's side.
  public func pop() -> Element? {
    let start = head.load(ordering: .relaxed)
    guard start < tail.load(ordering: .acquiring) else { return nil }
    let element = unsafe slots[start & (capacity - 1)]
    head.store(start + 1, ordering: .releasing)
    return element
  }
}
