import AccessPolicy
import ControlCore
import Testing

/// What holds for every list and every read.
@Suite struct PropertyTests {
  static let seeds: [UInt64] = [1, 417, 20_261_122]

  /// Plates that lie close to one another, so that tolerance has work.
  private static func plate(_ numbers: inout SeededNumbers) -> CredentialKey {
    let letters = Array("00D1I")
    let tail = (0..<4).map { _ in letters.randomElement(using: &numbers)! }
    return try! CredentialKey.parse("plate:京A" + String(tail))
  }

  private static func rows(_ numbers: inout SeededNumbers, count: Int) -> [ListRow] {
    var seen: Set<CredentialKey> = []
    return (0..<count).compactMap { _ in
      let key = plate(&numbers)
      guard seen.insert(key).inserted else { return nil }
      return ListRow(
        credential: key, groups: [0], flags: UInt8.random(in: 0..<10, using: &numbers) == 0 ? .deny : [])
    }
  }

  private static func decide(
    _ key: CredentialKey, _ rows: [ListRow], _ decider: borrowing Decider, _ state: borrowing PassageState
  ) -> (reason: Reason, takenFor: CredentialKey?) {
    let list = ListSnapshot(rows: rows, version: 1, groups: TestSite.groups)
    let request = AccessRequest(
      reader: ReaderIndex(0), credential: key, at: 1_795_305_600_000, now: Instant(nanoseconds: 1))
    let decision = decider.decide(request, list: list, state: state)
    return (decision.reason, decision.takenFor)
  }

  @Test(arguments: seeds) func theOrderOfRowsNeverMatters(_ seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    for round in 0..<300 {
      let rows = PropertyTests.rows(&numbers, count: 12)
      let key = PropertyTests.plate(&numbers)
      let first = PropertyTests.decide(key, rows, decider, state)
      let second = PropertyTests.decide(key, rows.shuffled(using: &numbers), decider, state)
      #expect(first == second, "seed \(seed), round \(round)")
    }
  }

  @Test(arguments: seeds) func anotherDenyNeverGrants(_ seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    var changed = 0
    for round in 0..<600 {
      let rows = PropertyTests.rows(&numbers, count: 6)
      let key = PropertyTests.plate(&numbers)
      let denied = PropertyTests.plate(&numbers)
      let before = PropertyTests.decide(key, rows, decider, state)
      let after = PropertyTests.decide(
        key, rows + [ListRow(credential: denied, groups: [0], flags: .deny)], decider, state)
      if before.reason != .granted {
        #expect(after.reason != .granted, "seed \(seed), round \(round)")
      } else if after.reason != .granted {
        changed += 1
      }
    }
    #expect(changed > 0)
  }

  @Test(arguments: seeds) func anUnrelatedEntryNeverChangesAnything(_ seed: UInt64) throws {
    var numbers = SeededNumbers(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    let others = try ["plate:粤X77777", "card:H10301/1/1", "qr:京A0000", "plate:京A00000", "plate:京A7777"].map {
      ListRow(credential: try CredentialKey.parse($0), groups: [0])
    }
    for round in 0..<300 {
      let rows = PropertyTests.rows(&numbers, count: 8)
      let key = PropertyTests.plate(&numbers)
      let related = rows.count
      let first = PropertyTests.decide(key, rows, decider, state)
      let second = PropertyTests.decide(
        key, rows + others.filter { $0.credential.kind != .plate }, decider, state)
      let third = PropertyTests.decide(key, rows + [others[0], others[4]], decider, state)
      #expect(first == second && first == third, "seed \(seed), round \(round), \(related) rows")
    }
  }

  /// A tolerant grant is always for one entry that is not denied, and never where the same read stands in the
  /// list.
  @Test(arguments: seeds) func toleranceGrantsOnlyAnAllowedEntry(_ seed: UInt64) {
    var numbers = SeededNumbers(seed: seed)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    var tolerant = 0
    for round in 0..<600 {
      let rows = PropertyTests.rows(&numbers, count: 5)
      let key = PropertyTests.plate(&numbers)
      let found = PropertyTests.decide(key, rows, decider, state)
      guard found.reason == .granted else { continue }
      if let takenFor = found.takenFor {
        tolerant += 1
        #expect(
          rows.contains { $0.credential == takenFor && !$0.flags.contains(.deny) }, "seed \(seed), \(round)")
        #expect(!rows.contains { $0.credential == key }, "seed \(seed), \(round)")
      } else {
        #expect(rows.contains { $0.credential == key && !$0.flags.contains(.deny) }, "seed \(seed), \(round)")
      }
    }
    #expect(tolerant > 0)
  }

  /// Ten thousand plates with one middle: the search stays bounded and refuses.
  @Test func tooManySimilarPlatesAreAmbiguous() throws {
    let ends = (0x4E00..<0x5E00).map { Character(Unicode.Scalar(UInt32($0))!) }
    let rows = try ends.flatMap { end in
      try ["A", "B", "C"].map {
        ListRow(credential: try CredentialKey.parse("plate:\(end)BBBBB\($0)"), groups: [0])
      }
    }
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    let read = try CredentialKey.parse("plate:京88888A")
    #expect(PropertyTests.decide(read, rows, decider, state).reason == .deniedAuthenticationFactorError)
  }
}
