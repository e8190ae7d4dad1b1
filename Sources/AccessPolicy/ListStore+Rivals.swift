extension ListStore {
  /// Opposes the best entry with another one that differs from the reading in a single character of whatever kind, or
  /// has one more or one fewer at an end: one mistake of the camera's explains that entry too.
  ///
  /// Between first and last character digits and Latin letters are tried, as plates have them there.
  @_noLocks
  borrowing func oppose(_ reading: CredentialKey, _ contest: inout Contest) {
    let read = PlateLetters(reading)
    let count = read.count
    guard count >= Confusion.fewestLetters else { return }
    // As many characters; one more behind, in front; one fewer behind, in front.
    oppose(read, read.skeleton(from: 1, to: count - 1), &contest)
    oppose(read, read.skeleton(from: 1, to: count), &contest)
    oppose(read, read.skeleton(from: 0, to: count - 1), &contest)
    oppose(read, read.skeleton(from: 1, to: count - 2), &contest)
    oppose(read, read.skeleton(from: 2, to: count - 1), &contest)
    for position in 1..<(count - 1) {
      for letter in UInt32(0x30)...0x5A {
        // One of each class, without the signs between 9 and A.
        guard letter <= 0x39 || letter >= 0x41, Confusion.fold(letter) == letter,
          Confusion.fold(read[position]) != letter
        else { continue }
        oppose(read, read.skeleton(from: 1, to: count - 1, with: letter, at: position), &contest)
        guard contest.isDecided else { return }
      }
    }
  }

  /// Looks for one through the chain of one middle.
  @_noLocks
  private borrowing func oppose(_ read: PlateLetters, _ middle: UInt64, _ contest: inout Contest) {
    var place = firstSimilar(middle)
    while place >= 0 && contest.isDecided {
      contest.examined += 1
      if place != contest.best, ListStore.areOneApart(read, PlateLetters(key(at: place))) {
        contest.oppose(place)
      }
      place = nextSimilar(place)
    }
  }

  /// One character differs, or one more stands at an end.
  @_noLocks
  private static func areOneApart(_ left: PlateLetters, _ right: PlateLetters) -> Bool {
    let shorter = min(left.count, right.count)
    var same = 0
    while same < shorter && left[same] == right[same] { same += 1 }
    var sameAtEnd = 0
    while sameAtEnd < shorter && left[left.count - 1 - sameAtEnd] == right[right.count - 1 - sameAtEnd] {
      sameAtEnd += 1
    }
    switch max(left.count, right.count) - shorter {
    case 0: return same + 1 + sameAtEnd == shorter
    case 1: return same == shorter || sameAtEnd == shorter
    default: return false
    }
  }
}
