/// Where the entries stand whose plate could be meant by a reading that is a little wrong.
///
/// Each plate hangs in the chain of its middle: its letters without the first and the last, folded to their
/// confusion classes. A reading with a wrong, lost or doubled end, and any number of confusions, has its
/// plates in one of five chains.
struct SimilarPlates: ~Copyable, Sendable {
  /// Entry plus one at the head of each chain; a power of two of them, or none where the list has no plate.
  private var heads: [UInt32] = []
  /// For each entry the next of its chain, plus one.
  private var next: [UInt32] = []

  init() {}

  init(of store: borrowing ListStore) {
    var plates = 0
    for place in 0..<store.entries.count where store.isPlate(at: place) {
      plates += 1
    }
    guard plates > 0 else { return }
    var size = 8
    while size < plates {
      size *= 2
    }
    heads = Array(repeating: 0, count: size)
    next = Array(repeating: 0, count: store.entries.count)
    for place in 0..<store.entries.count where store.isPlate(at: place) {
      let letters = PlateLetters(store.key(at: place))
      guard letters.count >= Confusion.fewestLetters else { continue }
      let chain = Int(truncatingIfNeeded: letters.skeleton(from: 1, to: letters.count - 1)) & (size - 1)
      next[place] = heads[chain]
      heads[chain] = UInt32(place + 1)
    }
  }

  /// The first entry of the chain for a middle, or -1.
  @_noLocks
  borrowing func first(_ skeleton: UInt64) -> Int {
    heads.count == 0 ? -1 : Int(heads[Int(truncatingIfNeeded: skeleton) & (heads.count - 1)]) - 1
  }

  @_noLocks
  borrowing func after(_ place: Int) -> Int { Int(next[place]) - 1 }

  var bytesTaken: Int { (heads.capacity + next.capacity) * MemoryLayout<UInt32>.stride }
}

/// How the entries near a reading stand to one another.
struct Contest {
  private(set) var best = -1
  private(set) var bestCost = Int.max
  private(set) var second = -1
  private(set) var secondCost = Int.max
  /// A denied entry among those near, or -1.
  private(set) var denied = -1
  /// Entries looked at.
  var examined = 0

  @_noLocks init() {}

  @_noLocks
  mutating func enter(_ place: Int, cost: Int, isDenied: Bool) {
    if isDenied { denied = place }
    if place == best {
      bestCost = min(bestCost, cost)
    } else if cost < bestCost {
      second = best
      secondCost = bestCost
      best = place
      bestCost = cost
    } else if cost < secondCost {
      second = place
      secondCost = cost
    }
  }

  /// The two nearest.
  var pair: (first: Int32, second: Int32) {
    @_noLocks get { (Int32(truncatingIfNeeded: best), Int32(truncatingIfNeeded: second)) }
  }

  /// One entry won, clearly and with nothing left unseen.
  var isDecided: Bool {
    @_noLocks get {
      best >= 0 && examined <= PolicyLimits.similarPlates
        && (second < 0 || secondCost - bestCost >= Confusion.margin)
    }
  }
}
