import GPIODriver
import Journal
import Messages
import Platform
import Testing

@testable import Runtime

/// `log.explain` by the running gateway: past decisions under the list and the state of then.
@Suite(.serialized) struct ExplainTests {
  private static let site = """
    {
      gateway: { id: "gw-explain", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      inputs: { "front.contact": { gpio: "bench", line: 0 }, "back.contact": { gpio: "bench", line: 1 } },
      outputs: { "front.strike": { gpio: "bench", line: 16, safe: false },
                 "back.strike": { gpio: "bench", line: 17, safe: false } },
      points: {
        front: { kind: "door", outputs: { unlock: "front.strike" }, inputs: { contact: "front.contact" },
                 fail: "secure", unlock_ms: 1000 },
        back: { kind: "door", outputs: { unlock: "back.strike" }, inputs: { contact: "back.contact" },
                fail: "secure", unlock_ms: 1000 },
      },
      readers: {
        front: { point: "front", side: "in", kind: "card" },
        camera: { point: "front", side: "in", kind: "plate", match: "tolerant", min_confidence: 0.8 },
        keypad: { point: "front", side: "in", kind: "pin" },
        pair: { point: "back", side: "in", kind: "card", two_person: true },
        back: { point: "back", side: "out", kind: "card" },
      },
      schedules: { always: {}, never: {mon: [], holidays: []} },
      groups: { all: { points: ["front", "back"], schedule: "always" }, shut: { points: ["front"], schedule: "never" } },
      areas: { house: { capacity: 2, entries: ["front"], exits: ["back"], passback: "hard" } },
      journal: { capacity: 10000 },
    }
    """

  private static let list = """
    credential,holder,groups,valid_from,valid_until,uses,flags
    card:H10301/1/1,Ann,all,,,,
    card:H10301/1/2,Bob,all,,,1,
    card:H10301/1/3,Cem,all,,,,deny
    card:H10301/1/4,Dan,shut,,,,
    card:H10301/1/5,Eve,all,,2020-01-01T00:00:00Z,,
    card:H10301/1/6,Fay,all,,,,
    plate:B-GH 417,Ann,all,,,,
    pin:4711,Ann,all,,,,

    """

  private let gateway: RunningGateway
  private let chip: SimulatedChip

  init() throws {
    gateway = try RunningGateway(site: Self.site)
    try gateway.startAndWait()
    try gateway.importList(Self.list)
    chip = try gateway.chip("bench")
    shut()
    MonotonicClock.sleep(milliseconds: 60)
  }

  private func shut() {
    chip.setInput(0, true)
    chip.setInput(1, true)
  }

  private func present(_ reader: String, _ credential: String, confidence: Double? = nil) throws -> Int64 {
    try #require(
      try gateway.ingress().present(reader, credential, confidence: confidence)["seq"]?.integerValue)
  }

  private func explain(_ seq: Int64) throws -> JSONValue {
    try gateway.control().call("log.explain", ["seq": .integer(seq)])
  }

  private func refusal(_ seq: Int64) throws -> String {
    do {
      return "answered: \(try explain(seq).text)"
    } catch let refused as LineClient.Refused {
      return refused.text
    }
  }

  private func why(_ answer: JSONValue, _ rule: String) -> String? {
    answer["rules"]?.arrayValue?.first { $0["rule"]?.stringValue == rule }?["why"]?.stringValue
  }

  private func unknown(_ answer: JSONValue) -> [String] {
    (answer["unknown"]?.arrayValue ?? []).compactMap(\.stringValue)
  }

  /// Through the front door: it is opened and falls shut.
  private func walkIn(_ credential: String) throws -> Int64 {
    let seq = try present("front", credential)
    try #require(waitUntil(limit: 2_000) { chip.output(16) } != nil)
    chip.setInput(0, false)
    MonotonicClock.sleep(milliseconds: 60)
    shut()
    let passed = try waitUntil(limit: 3_000) {
      try gateway.records().contains { $0["type"] == "passage" && $0["seq"]?.integerValue ?? 0 > seq }
    }
    try #require(passed != nil)
    return seq
  }

  private func expectSame(_ seq: Int64, _ decision: String, _ reason: String) throws {
    let answer = try explain(seq)
    #expect(
      answer["replayed"] == true && answer["agrees"] == true && answer["again"] == nil, "\(answer.text)")
    #expect(
      answer["decision"]?.stringValue == decision && answer["reason"]?.stringValue == reason, "\(answer.text)"
    )
    #expect(answer["seq"]?.integerValue == seq && unknown(answer).isEmpty)
    #expect((answer["rules"]?.arrayValue?.count ?? 0) >= 2)
  }

  @Test func everyKindOfDecisionComesOutAgain() throws {
    let cases:
      [(reader: String, credential: String, confidence: Double?, decision: String, reason: String?)] =
        [
          ("front", "card:H10301/1/9", nil, "deny", "denied-unknown-credential"),
          ("front", "card:H10301/1/3", nil, "deny", "denied-credential-manual-disable"),
          ("front", "card:H10301/1/4", nil, "", nil),  // These two hang on
          ("front", "card:H10301/1/5", nil, "", nil),  // whether the clock here is believed.
          ("front", "plate:B-GH 417", nil, "deny", "denied-authentication-factor-error"),
          ("front", "what is this", nil, "deny", "denied-authentication-factor-error"),
          ("camera", "plate:B-GH 417", 0.5, "deny", "denied-authentication-factor-error"),
          ("camera", "plate:BGH4I7", 0.93, "grant", "granted"),
          ("pair", "card:H10301/1/1", nil, "deny", "authorization-delayed"),
          ("pair", "card:H10301/1/6", nil, "grant", "granted"),
        ]
    var seqs: [Int64] = []
    var grants = 0
    for (reader, credential, confidence, decision, reason) in cases {
      _ = try gateway.ingress().present(reader, credential, confidence: confidence)
      // A source that spoke for the wrong reader is answered before its record is durable.
      var record: JSONValue?
      let isWritten = try waitUntil(limit: 2_000) {
        let accesses = try gateway.records().filter { $0["type"] == "access" }
        record = accesses.last
        return accesses.count > seqs.count
      }
      try #require(isWritten != nil)
      seqs.append(try #require(record?["seq"]?.integerValue))
      let told = (record?["decision"]?.stringValue ?? "", record?["reason"]?.stringValue ?? "")
      if let reason { #expect(told == (decision, reason)) }
      try expectSame(seqs.last!, told.0, told.1)
      if told.0 == "grant" { grants += 1 }
      // Nobody goes through: as long as a grant waits it takes the room of one.
      let takenBack = try waitUntil(limit: 5_000) {
        try gateway.records().count { $0["reason"] == "no-entry-after-grant" } >= grants
      }
      try #require(takenBack != nil)
    }
    #expect(why(try explain(seqs[7]), "match")?.contains("taken for plate:BGH417 (Ann)") == true)
    #expect(why(try explain(seqs[9]), "two-person") == "a second person has shown a credential")
  }

  @Test func thePassageThatChangedTheStateChangesNoAnswer() throws {
    let first = try walkIn("card:H10301/1/1")
    let again = try present("front", "card:H10301/1/1")
    let bob = try walkIn("card:H10301/1/2")
    let full = try present("front", "card:H10301/1/6")
    try expectSame(first, "grant", "granted")
    try expectSame(again, "deny", "denied-passback")
    try expectSame(bob, "grant", "granted")
    try expectSame(full, "deny", "denied-upper-occupancy-limit")
    #expect(why(try explain(first), "occupancy") == "area house: 0 of 2 inside or on their way")
    #expect(why(try explain(bob), "occupancy") == "area house: 1 of 2 inside or on their way")
    #expect(why(try explain(bob), "uses") == "0 of 1 passages used")
    // A suspension of today is none of then.
    _ = try gateway.control().call("credential.suspend", ["credential": "card:H10301/1/1"])
    try expectSame(first, "grant", "granted")
    let barred = try present("back", "card:H10301/1/1")
    _ = try gateway.control().call("credential.resume", ["credential": "card:H10301/1/1"])
    try expectSame(barred, "deny", "denied-credential-disabled")
  }

  @Test func anotherListIsNotTheListOfThen() throws {
    let ann = try present("front", "card:H10301/1/1")
    let misread = try present("camera", "plate:BGH4I7", confidence: 0.9)
    let nobody = try present("front", "card:H10301/1/9")
    try gateway.importList(
      "credential,holder,groups,flags\ncard:H10301/1/1,Ann,all,deny\ncard:H10301/1/9,New,all,\nplate:BGH4T7,Zoe,all,\n"
    )
    let barred = try present("back", "card:H10301/1/1")
    try gateway.importList("credential,holder,groups,flags\ncard:H10301/1/9,New,all,\n")
    try expectSame(ann, "grant", "granted")
    try expectSame(misread, "grant", "granted")
    try expectSame(nobody, "deny", "denied-unknown-credential")
    try expectSame(barred, "deny", "denied-credential-manual-disable")
    #expect(why(try explain(ann), "list") == "in the list as card:H10301/**** (Ann), version 1")
    #expect(try explain(barred)["list"] == 2)
    // Over a restart too; and where the past is lost, it says so and guesses nothing.
    _ = try gateway.stop()
    try gateway.startAndWait()
    try expectSame(ann, "grant", "granted")
    _ = try gateway.stop()
    try Files.write([], to: ListPast.path(in: gateway.state))
    try gateway.startAndWait()
    let settled = try waitUntil(limit: 3_000) {
      unknown(try explain(ann)) == ["the list of then, version 1, is no longer kept: only 3 and newer are"]
    }
    let answer = try explain(ann)
    #expect(settled != nil, "\(answer.text)")
    #expect(answer["replayed"] == false && answer["agrees"] == nil && answer["rules"] == nil)
    #expect(answer["decision"] == "grant" && answer["reason"] == "granted")
    try expectSame(try present("front", "card:H10301/1/9"), "grant", "granted")
  }

  @Test func whatIsNotKnownIsSaidByName() throws {
    let pin = try present("keypad", "pin:4711")
    #expect(unknown(try explain(pin)) == ["the PIN: no record keeps one"])
    let before = try present("front", "card:H10301/1/5")
    _ = try gateway.stop()
    try Files.write(
      Array(Self.site.replacing("capacity: 2,", with: "capacity: 3,").utf8),
      to: "\(gateway.directory.path)/site.json5")
    try gateway.startAndWait()
    let unlike = unknown(try explain(before))
    #expect(unlike == ["the rules of then: the site file or the time zone's rules have changed since"])
    try expectSame(try present("front", "card:H10301/1/3"), "deny", "denied-credential-manual-disable")
  }

  @Test func whatIsNoDecisionOrGoneIsRefused() throws {
    let seq = try walkIn("card:H10301/1/1")
    let last = try #require(try gateway.records().last?["seq"]?.integerValue)
    #expect(try refusal(last + 50).contains("is not written yet: the log ends at"))
    #expect(try refusal(0).contains("no longer kept: the log begins at 1"))
    #expect(try refusal(-1).contains("'seq' must be a whole number"))
    let passage = try #require(try gateway.records().first { $0["type"] == "passage" }?["seq"]?.integerValue)
    #expect(try refusal(passage) == "seq \(passage) is no decision on a credential: passage (passage)")
    // Retention: emptied, dropped between others, dropped from the beginning.
    do {
      let database = try Database(path: "\(gateway.state)/gatehouse.db", mode: .readWrite)
      try database.execute(
        "UPDATE log SET record = NULL, digest = randomblob(32) WHERE seq = \(seq); DELETE FROM log WHERE seq = \(passage)"
      )
    }
    #expect(try refusal(seq) == "seq \(seq) was emptied for privacy: only its digest is kept")
    if passage < last { #expect(try refusal(passage) == "seq \(passage) is lost; a gap record tells of it") }
    do {
      let database = try Database(path: "\(gateway.state)/gatehouse.db", mode: .readWrite)
      try database.execute("DELETE FROM log WHERE seq <= \(seq)")
    }
    #expect(try refusal(seq).hasPrefix("seq \(seq) is no longer kept: the log begins at"))
  }
}
