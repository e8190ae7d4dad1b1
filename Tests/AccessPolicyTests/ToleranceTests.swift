import AccessPolicy
import ControlCore
import TestSupport
import Testing

/// The one sentence of tolerance, held against made reads: an entry is taken for a reading only when one look-alike, a
/// lost province or an end read twice is all that tells them apart, and no other entry is one character away.
///
/// What is alike and what is apart is told here a second time, over plain text, and by looking at every row.
@Suite struct ToleranceTests {
  private static let alike = Set(
    ["0O", "0D", "0Q", "DO", "OQ", "DQ", "1I", "1L", "IL", "2Z", "5S", "8B", "6G", "4A", "7T", "UV"]
      + ["京津", "京琼", "京谅", "琼谅", "沪津", "津浙", "沪浙"])
  /// Drawn alike, so that even a sure camera may take them for one another.
  private static let same = Set(["0O", "1I"])
  private static let seeds: [UInt64] = [3, 417, 20_261_122]

  private static func isPair(_ left: Character, _ right: Character, of pairs: Set<String>) -> Bool {
    pairs.contains("\(left)\(right)") || pairs.contains("\(right)\(left)")
  }

  private static func differences(_ left: [Character], _ right: [Character]) -> [Int]? {
    left.count == right.count ? left.indices.filter { left[$0] != right[$0] } : nil
  }

  /// Whether one look-alike, a lost province, or an end read twice makes the reading of the plate.
  private static func isOneStep(_ read: [Character], from plate: [Character], sure: [Int]) -> Bool {
    if let places = differences(read, plate) {
      guard places.count == 1 else { return false }
      let pairs = sure.count == read.count && sure[places[0]] >= 98 ? same : alike
      return isPair(read[places[0]], plate[places[0]], of: pairs)
    }
    if read.count + 1 == plate.count { return plate[0] > "\u{4E00}" && Array(plate[1...]) == read }
    guard read.count == plate.count + 1 else { return false }
    let isTwiceInFront = read[0] == read[1] || isPair(read[0], read[1], of: alike)
    let last = read.count - 1
    let isTwiceBehind = read[last] == read[last - 1] || isPair(read[last], read[last - 1], of: alike)
    return isTwiceInFront && Array(read[1...]) == plate || isTwiceBehind && Array(read[..<last]) == plate
  }

  /// Whether one character of whatever kind, or one more or fewer at an end, is all between the two.
  private static func isOneApart(_ left: [Character], _ right: [Character]) -> Bool {
    if let places = differences(left, right) { return places.count == 1 }
    let (shorter, longer) = left.count < right.count ? (left, right) : (right, left)
    guard longer.count == shorter.count + 1 else { return false }
    return Array(longer[1...]) == shorter || Array(longer[..<shorter.count]) == shorter
  }

  private struct World {
    var numbers: SplitMix64
    var plates: [[Character]] = []
    var denied: Set<[Character]> = []

    init(seed: UInt64) {
      numbers = SplitMix64(seed: seed)
      let front: [[Character]] = [["沪", "A"], ["沪", "D"], ["津", "A"], ["京", "B"]]
      let middle = Array("0D1I28BS53T7")
      var seen: Set<[Character]> = []
      while plates.count < 160 {
        // Every third among few that lie close together.
        let close = "88".map { $0 } + (0..<3).map { _ in middle[Int.random(in: 0..<5, using: &numbers)] }
        let wide = (0..<(one(in: 8) ? 6 : 5)).map { _ in middle.randomElement(using: &numbers)! }
        let tail = one(in: 3) ? close : wide
        let plate = front.randomElement(using: &numbers)! + tail
        guard seen.insert(plate).inserted else { continue }
        plates.append(plate)
        if one(in: 12) { denied.insert(plate) }
      }
    }

    mutating func one(in many: Int) -> Bool { Int.random(in: 0..<many, using: &numbers) == 0 }

    var list: ListSnapshot {
      ListSnapshot(
        rows: plates.map {
          ListRow(
            credential: try! CredentialKey.parse(value: String($0), kind: .plate), groups: [0],
            flags: denied.contains($0) ? .deny : [])
        }, version: 1, groups: TestSite.groups)
    }

    /// A plate of the list with one or two mistakes of a camera's.
    mutating func reading() -> [Character] {
      var read = plates.randomElement(using: &numbers)!
      for _ in 0..<(one(in: 3) ? 2 : 1) {
        let place = Int.random(in: 0..<read.count, using: &numbers)
        switch Int.random(in: 0..<10, using: &numbers) {
        case 0: read.removeFirst()
        case 1: read.removeLast()
        case 2: read.insert(read[0], at: 0)
        case 3: read.append(read[read.count - 1])
        case 4: read[place] = Array("0123456789ABDEFGLQSTVZ").randomElement(using: &numbers)!
        default:
          let likely = alike.sorted().filter { $0.contains(read[place]) }
          guard let pair = likely.randomElement(using: &numbers) else { continue }
          read[place] = pair.first == read[place] ? pair.last! : pair.first!
        }
      }
      return read
    }

    mutating func sureness(_ count: Int) -> [Int] {
      one(in: 2) ? (0..<count).map { _ in Int.random(in: 40...100, using: &numbers) } : []
    }
  }

  @Test(arguments: seeds) func whatIsTakenForAnotherIsOneLookAlikeAwayAndNothingElseIsNear(_ seed: UInt64)
    throws
  {
    var world = World(seed: seed)
    let list = world.list
    let listed = Set(world.plates)
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    var granted = 0
    var named = 0
    var knownDenied = 0
    for round in 0..<1_500 {
      let read = world.reading()
      let sure = world.sureness(read.count)
      let request = AccessRequest(
        reader: ReaderIndex(0), credential: try CredentialKey.parse(value: String(read), kind: .plate),
        characters: sure.map { Double($0) / 100 }, at: 1_795_305_600_000, now: Instant(nanoseconds: 1))
      guard !listed.contains(read) else { continue }
      let decision = decider.decide(request, list: list, state: state)
      let place = Comment(rawValue: "seed \(seed), round \(round): \(String(read)) \(sure)")
      let steps = world.plates.filter { ToleranceTests.isOneStep(read, from: $0, sure: sure) }
      let apart = world.plates.filter { ToleranceTests.isOneApart(read, $0) }
      if decision.isGrant {
        granted += 1
        let entry = try #require(decision.takenFor.map { Array("\($0)".dropFirst("plate:".count)) }, place)
        #expect(steps == [entry], place)
        #expect(apart.allSatisfy { $0 == entry }, place)
        #expect(!world.denied.contains(entry), place)
      }
      let deniedNear = steps.contains { world.denied.contains($0) }
      if deniedNear {
        #expect(!decision.isGrant, place)
        if steps.count == 1 && decision.reason == .deniedCredentialManualDisable { knownDenied += 1 }
      }
      if steps.count > 1 {
        #expect(decision.reason == .deniedAuthenticationFactorError, place)
        let names = decision.candidates(in: list).map { Array("\($0)".dropFirst("plate:".count)) }
        #expect(names.count == 2 && Set(names).count == 2 && names.allSatisfy(listed.contains), place)
        named += 1
      }
    }
    #expect(
      granted > 100 && named > 8 && knownDenied > 5, "seed \(seed): \(granted) \(named) \(knownDenied)")
  }

  /// With other readings told, only an entry that is among them is passed; and no confidence, sure or not, and no
  /// other reading makes a grant of what was refused without.
  @Test(arguments: seeds) func otherReadingsSpeakAgainst(_ seed: UInt64) throws {
    var world = World(seed: seed)
    let list = world.list
    let decider = Decider(setting: TestSite.setting(zone: .utc))
    let state = PassageState(setting: TestSite.setting(zone: .utc))
    var refused = 0
    for round in 0..<600 {
      let read = try CredentialKey.parse(value: String(world.reading()), kind: .plate)
      let other = try CredentialKey.parse(value: String(world.reading()), kind: .plate)
      // The reader asks for 0.8.
      let unsure = Candidate(credential: other, confidence: 0.6)
      func decide(_ candidates: [Candidate]) -> AccessDecision {
        decider.decide(
          AccessRequest(
            reader: ReaderIndex(0), credential: read, candidates: candidates, at: 1_795_305_600_000,
            now: Instant(nanoseconds: 1)), list: list, state: state)
      }
      let alone = decide([])
      let beside = decide([unsure])
      let place = Comment(rawValue: "seed \(seed), round \(round): \(read), also \(other)")
      if let entry = beside.takenFor, beside.isGrant { #expect(entry == other || read == other, place) }
      if beside.isGrant { #expect(alone.isGrant, place) }
      if let entry = alone.takenFor, alone.isGrant {
        let named = decide([unsure, Candidate(credential: entry, confidence: 0.3)])
        #expect(named.isGrant && named.takenFor == entry, place)
        if !beside.isGrant { refused += 1 }
      }
    }
    #expect(refused > 20, "seed \(seed): \(refused)")
  }
}
