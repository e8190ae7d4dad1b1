import AccessPolicy
import ControlCore
import Messages
import Site
import Testing

@testable import Runtime

/// What a decision saw, through its record and back.
@Suite struct SeenTextTests {
  private static let site = """
    {
      gateway: { id: "gw-seen", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      outputs: { a: { gpio: "bench", line: 0, safe: false }, b: { gpio: "bench", line: 1, safe: false } },
      points: { front: { kind: "door", outputs: { unlock: "a" }, fail: "secure", unlock_ms: 400 },
                back: { kind: "door", outputs: { unlock: "b" }, fail: "secure", unlock_ms: 400 } },
      readers: { card: { point: "front", side: "in", kind: "card" } },
      schedules: { always: {} },
      groups: { all: { points: ["front"], schedule: "always" }, few: { points: ["back"], schedule: "always" } },
      areas: { house: { entries: ["front"] }, cellar: { entries: ["back"] } },
      journal: { capacity: 1000 },
    }
    """

  private let text: SeenText

  init() throws {
    text = SeenText(site: try SiteFile.read(Array(Self.site.utf8), path: "seen.json5", profiles: nil))
  }

  private static var whole: SeenState {
    var seen = SeenState()
    seen.condition = [.lockedDown, .interlockBusy]
    seen.suspension = .until(1_795_305_600_007)
    seen.uses = 3
    seen.lastPassage = 1_795_305_600_123
    seen.sincePassage = .milliseconds(5_001)
    seen.inside = [1]
    seen.outside = [0]
    seen.waiting = [SeenState.Grant(point: PointIndex(1), side: .out)]
    seen.coming = [
      SeenState.Coming(
        grant: SeenState.Grant(point: PointIndex(0), side: .in), isSameHolder: true, groups: [0, 1],
        inside: [1],
        count: 2)
    ]
    seen.occupancy = [SeenState.AreaCount(area: 0, count: 57)]
    seen.ofHolder = [SeenState.AreaCount(area: 1, count: 2)]
    seen.ofGroups = [SeenState.AreaCount(area: 1, group: 1, count: 9)]
    seen.led = [1]
    seen.isAccompanied = true
    seen.isAccompaniedByTwo = true
    var factor = SeenState.Factor(kinds: [.card, .plate], isSameHolder: true)
    (factor.extended, factor.duress, factor.escortRequired, factor.twoPerson) = (true, true, true, true)
    let card = try! CredentialKey.parse("card:H10301/1/1")
    factor.lapse = SeenState.Lapse(kind: .card, credential: card, reason: .deniedCredentialDisabled)
    seen.factor = factor
    var person = SeenState.Person()
    person.duress = true
    person.lapse = SeenState.Lapse(kind: .pin, credential: nil, reason: .deniedThreatLevel)
    seen.secondPerson = person
    seen.otherReadings = [Candidate(credential: try! CredentialKey.parse("plate:B 417"), confidence: 0.61)]
    seen.sureness = [99, 0, 31]
    return seen
  }

  @Test func everyPartComesBack() throws {
    let json = text.json(Self.whole)
    let record = try JSONValue.parse(json.encoded())
    #expect(try text.seen(record) == Self.whole)
    var other = SeenState()
    other.suspension = .withoutEnd
    #expect(try text.seen(text.json(other)) == other)
    other.suspension = .ofOthers
    #expect(try text.seen(text.json(other)) == other)
  }

  @Test func whatIsAsIfNothingHappenedTakesNoRoom() {
    #expect(text.json(SeenState()) == ["rules": .string(text.rules)])
  }

  @Test(arguments: [
    #"{"inside":["attic"]}"#, #"{"areas":[["attic",1]]}"#, #"{"areas":[["house"]]}"#,
    #"{"groups":[["house","x",1]]}"#,
    #"{"point":["asleep"]}"#, #"{"suspended":"soon"}"#, #"{"waiting":[{"point":"gone"}]}"#,
    #"{"others":[["plate"]]}"#,
    #"{"factor":{"kinds":["song"]}}"#, #"{"coming":[{"point":"front","groups":["x"]}]}"#, #"{"led":[1]}"#,
    #"{"second":{"lapsed":{"kind":"card","reason":"bored"}}}"#,
    #"{"factor":{"lapsed":{"reason":"granted"}}}"#,
    #"{"second":{"lapsed":{"kind":"card","reason":"granted","credential":"card"}}}"#,
  ])
  func whatNobodyWroteIsRefused(_ line: String) throws {
    let value = try JSONValue.parse(line)
    #expect(throws: MessageFault.self) { try text.seen(value) }
  }

  @Test func absurdNumbersStayWithinBounds() throws {
    let huge = try JSONValue.parse(
      #"{"uses":-5,"since_ms":-1,"areas":[["house",99999999999]],"coming":[{"point":"back","count":1000000}],"sure":[400]}"#
    )
    let seen = try text.seen(huge)
    #expect(
      seen.occupancy.first?.count == Int(Int32.max)
        && seen.coming.first?.count == PolicyLimits.pendingPassages)
    #expect(seen.sincePassage == .zero && seen.sureness == [100])
  }
}
