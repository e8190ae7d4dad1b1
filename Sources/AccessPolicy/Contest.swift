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
