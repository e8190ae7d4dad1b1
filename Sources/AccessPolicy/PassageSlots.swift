/// Where the state of each credential stands, by the mark of its key: open addressing over memory of its own, so that
/// a search can be announced before it is made.
@safe
struct PassageSlots: ~Copyable, @unchecked Sendable {
  let count: Int
  /// 0 is free, else the place of a state and one, and above it the upper bits of its key's mark, which spare a look at
  /// nearly all other states.
  private let slots: UnsafeMutablePointer<UInt32>

  /// - Parameter count: a power of two.
  init(count: Int) {
    precondition(count > 0 && count & (count - 1) == 0, "a number of slots that is no power of two")
    self.count = count
    unsafe slots = .allocate(capacity: count)
    unsafe slots.initialize(repeating: 0, count: count)
  }

  deinit { unsafe slots.deallocate() }

  static var placeBits: UInt32 { @_noLocks get { 20 } }

  /// A slot of the table, and what it holds.
  struct Step {
    var slot: Int
    var content: UInt32

    var isFree: Bool { @_noLocks get { content == 0 } }
    var place: Int { @_noLocks get { Int(content & ((1 << PassageSlots.placeBits) - 1)) - 1 } }

    @_noLocks
    init(slot: Int, content: UInt32) {
      self.slot = slot
      self.content = content
    }

    /// Whether the key of the state may have this mark.
    @_noLocks
    func mayBe(_ mark: UInt32) -> Bool { (content ^ mark) >> PassageSlots.placeBits == 0 }
  }

  /// Brings the first slot of a search near.
  @inline(__always)
  @_noLocks
  borrowing func expect(_ mark: UInt32) {
    unsafe prefetch(slots + (Int(truncatingIfNeeded: mark) & (count - 1)))
  }

  @inline(__always)
  @_noLocks
  borrowing func first(_ mark: UInt32) -> Step {
    step(Int(truncatingIfNeeded: mark) & (count - 1))
  }

  @inline(__always)
  @_noLocks
  borrowing func next(after step: Step) -> Step {
    self.step((step.slot + 1) & (count - 1))
  }

  @inline(__always)
  @_noLocks
  private borrowing func step(_ slot: Int) -> Step {
    unsafe Step(slot: slot, content: slots[slot])
  }

  mutating func insert(_ mark: UInt32, place: Int) {
    var step = first(mark)
    while !step.isFree { step = next(after: step) }
    unsafe slots[step.slot] = (mark >> Self.placeBits) << Self.placeBits | UInt32(place + 1)
  }

  /// Frees the slot of a state, and moves up what stands behind it, so that every search goes on finding it.
  /// - Parameter markOf: the mark of the key of the state at a place.
  mutating func remove(_ mark: UInt32, place: Int, markOf: (Int) -> UInt32) {
    var gap = first(mark)
    while gap.place != place {
      precondition(!gap.isFree, "a state without a slot")
      gap = next(after: gap)
    }
    var step = next(after: gap)
    while !step.isFree {
      let home = Int(truncatingIfNeeded: markOf(step.place)) & (count - 1)
      // What is nearer to its home than the gap is, must stay behind the gap.
      if (step.slot &- home) & (count - 1) >= (step.slot &- gap.slot) & (count - 1) {
        unsafe slots[gap.slot] = step.content
        gap = step
      }
      step = next(after: step)
    }
    unsafe slots[gap.slot] = 0
  }
}
