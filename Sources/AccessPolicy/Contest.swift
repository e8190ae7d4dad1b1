/// How the entries near a reading stand to one another.
struct Contest {
  private(set) var best = -1
  private(set) var bestCost = Int.max
  private(set) var second = -1
  private(set) var secondCost = Int.max
  /// The best may be passed: one look-alike, or an end, away from the reading.
  private(set) var mayPass = false
  /// A denied entry among those near, or -1.
  private(set) var denied = -1
  /// Entries looked at.
  var examined = 0

  @_noLocks init() {}

  @_noLocks
  mutating func enter(_ place: Int, cost: Int, mayPass: Bool, isDenied: Bool) {
    if isDenied { denied = place }
    if place == best {
      bestCost = min(bestCost, cost)
      self.mayPass = self.mayPass || mayPass
    } else if cost < bestCost {
      second = best
      secondCost = bestCost
      best = place
      bestCost = cost
      self.mayPass = mayPass
    } else if cost < secondCost {
      second = place
      secondCost = cost
    }
  }

  /// Another entry that the reading may as well come from: nothing is decided any more.
  @_noLocks
  mutating func oppose(_ place: Int) {
    second = place
    secondCost = bestCost
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
