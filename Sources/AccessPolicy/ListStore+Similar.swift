extension ListStore {
  /// All entries within ``Confusion/most`` of a reading. Those that may be passed are one step away: one look-alike, the
  /// province lost in front, or an end read twice.
  @_noLocks
  borrowing func similar(
    to reading: CredentialKey, sureness: CharacterSureness, _ contest: inout Contest
  ) {
    var read = PlateLetters(reading)
    read.take(sureness)
    let count = read.count
    guard count >= Confusion.fewestLetters else { return }
    compare(read, 0, count, lost: 0, at: 0, penalty: 0, &contest)
    guard !read.isWhole else { return }
    // The reading lost the entry's first or last character.
    compare(read, 0, count, lost: 1, at: 1, penalty: Confusion.end, &contest)
    compare(read, 0, count, lost: 1, at: 0, penalty: Confusion.end, &contest)
    if Confusion.fold(read[0]) == Confusion.fold(read[1]) {
      compare(read, 1, count, lost: 0, at: 0, penalty: Confusion.end, &contest)
    }
    if Confusion.fold(read[count - 1]) == Confusion.fold(read[count - 2]) {
      compare(read, 0, count - 1, lost: 0, at: 0, penalty: Confusion.end, &contest)
    }
  }

  /// Enters every plate that has `lost` characters more than the reading's `start..<end` and equals it, but
  /// for confusion, from its own character `offset` on.
  @_noLocks
  private borrowing func compare(
    _ read: PlateLetters, _ start: Int, _ end: Int, lost: Int, at offset: Int, penalty: Int,
    _ contest: inout Contest
  ) {
    let first = start + 1 - offset
    let skeleton = read.skeleton(from: first, to: first + (end - start) + lost - 2)
    var place = firstSimilar(skeleton)
    while place >= 0 && contest.examined <= PolicyLimits.similarPlates {
      contest.examined += 1
      let meant = PlateLetters(key(at: place))
      if meant.count == end - start + lost {
        var cost = penalty
        var steps = penalty == 0 ? 0 : 1
        for position in start..<end where cost <= Confusion.most {
          let asked = Confusion.cost(read[position], meant[position - start + offset])
          if asked != 0 { steps += 1 }
          cost += asked.map { Confusion.weighed($0, percent: read.percent(position)) } ?? Confusion.most + 1
        }
        if cost <= Confusion.most {
          let lostMore = lost > 0 && (offset == 0 || !PlateLetters.isIdeograph(meant[0]))
          contest.enter(
            place, cost: cost, mayPass: steps == 1 && cost <= Confusion.mostPassed && !lostMore,
            isDenied: entryTerms(found(at: place)).flags.has(.deny))
        }
      }
      place = nextSimilar(place)
    }
  }
}
