import HQ
import Journal
import Messages
import Platform
import Testing

/// What a guard must hear of at once, ahead of the log or by it.
@Suite struct UrgentNewsTests {
  private func record(
    _ type: LogRecord.Kind, _ reason: String?, event: String, point: String? = "lobby",
    _ detail: [(key: String, value: JSONValue)] = []
  ) -> LogRecord {
    LogRecord(
      at: Timestamp(milliseconds: 1), clock: .synced, monotonic: 1, type: type, point: point,
      reader: type == .access || event == "lockout" ? "lobby.pin" : nil,
      credential: type == .access ? "plate:京A12345" : nil,
      reason: reason, detail: .object([("event", .string(event))] + detail))
  }

  /// By the words that the tables below use.
  private func record(_ word: String) -> LogRecord {
    let parts = word.split(separator: "@").map(String.init)
    let point = parts.count > 1 ? parts[1] : "lobby"
    switch parts[0] {
    case "forced": return record(.doorAlarm, "forced-open", event: "forced-open", point: point)
    case "tamper": return record(.doorAlarm, "tamper", event: "tamper", point: point)
    case "tamper-ended": return record(.doorAlarm, "tamper", event: "tamper-ended", point: point)
    case "cut":
      return record(.device, "tamper", event: "input-lost", point: nil, [("input", "lobby.contact")])
    case "lockout":
      return record(.doorAlarm, "lockout-max-attempts", event: "lockout", point: point)
    case "warning": return record(.doorAlarm, "door-open-too-long", event: "held-warning", point: point)
    case "held": return record(.doorAlarm, "door-open-too-long", event: "held-open", point: point)
    case "shut": return record(.doorAlarm, "door-open-too-long", event: "held-ended", point: point)
    case "fault": return record(.doorAlarm, "door-fault", event: "fault", point: point)
    case "duress": return record(.access, "duress", event: "x", point: point)
    case "duress-denied":
      return record(.access, "denied-out-of-time-range", event: "x", point: point, [("duress", true)])
    case "no-duress": return record(.access, "granted", event: "x", point: point, [("duress", false)])
    default: return record(.passage, nil, event: word, point: point)
    }
  }

  /// What a gateway writes, which of it (by number) comes ahead of the log, and what `serve` says over both.
  @Test(
    arguments: [
      (["forced"], [1], ["forced-open lobby"]), (["forced"], [], ["forced-open lobby"]),
      (["forced"], [1, 1], ["forced-open lobby"]), (["passage", "tamper"], [2], ["tamper lobby"]),
      (["tamper-ended", "fault", "warning", "no-duress"], [1, 2, 3, 4], []),
      (["cut"], [1], ["tamper lobby.contact"]), (["cut"], [], ["tamper lobby.contact"]),
      (["lockout"], [1], ["lockout lobby.pin"]), (["lockout"], [], ["lockout lobby.pin"]),
      (["duress"], [1], ["duress lobby"]), (["duress"], [], ["duress lobby"]),
      (["duress-denied"], [1], ["duress lobby"]), (["duress-denied"], [], ["duress lobby"]),
      (["forced", "forced@yard", "forced"], [1], ["forced-open lobby", "forced-open yard"]),
      // The first was lost on the way, the second was not.
      (["forced", "tamper"], [2], ["tamper lobby", "forced-open lobby"]),
      (["held", "shut"], [1, 2], ["held-open lobby", "-held-open lobby"]),
      (["held", "shut"], [], ["held-open lobby", "-held-open lobby"]),
      (["held", "shut"], [2], ["held-open lobby", "-held-open lobby"]),
      (["held", "shut", "held"], [3], ["held-open lobby"]),
      (["held", "shut@yard"], [1, 2], ["held-open lobby"]),
    ] as [([String], [Int], [String])])
  func isToldOnce(words: [String], live: [Int], said: [String]) throws {
    let estate = try Estate()
    let listener = Listener()
    var collector = listener.collector(estate.store)
    let written = try estate.journal.append(words.map(record(_:)))
    for number in live {
      _ = try collector.take(
        topic: Estate.topics.name(.live), payload: written[number - 1].bytes, retained: false, now: 2, tick: 0
      )
    }
    let early = listener.alarms.count
    #expect(early > 0 || live.isEmpty || said.isEmpty || said[0].hasPrefix("held"), "it waited for the log")
    for _ in 0..<2 {
      _ = try collector.take(
        topic: Estate.topics.name(.log), payload: try estate.batch(after: 0, limit: 10).encoded(),
        retained: false, now: 3, tick: 0)
    }
    // What comes late, when the log has it already.
    for number in live {
      _ = try collector.take(
        topic: Estate.topics.name(.live), payload: written[number - 1].bytes, retained: false, now: 4, tick: 0
      )
    }
    #expect(
      listener.alarms.map { ($0.endedAt == nil ? "" : "-") + "\($0.kind.rawValue) \($0.about)" } == said)
    let open = try estate.store.alarms(open: true)
    #expect(open.count == said.count { !$0.hasPrefix("-") } - said.count { $0.hasPrefix("-") })
    #expect(open.reduce(0) { $0 + $1.count } <= Int64(words.count))
    #expect(listener.alarms.allSatisfy { $0.text.contains("'\($0.about)'") && !$0.text.contains("京A") })
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: Int64(words.count)))
  }

  /// Only what the contract says of a record stands in it; and the gateway never said who it is.
  @Test func aBareRecordOfAnUnknownGatewayIsHeard() throws {
    let estate = try Estate()
    let listener = Listener()
    var collector = listener.collector(estate.store)
    let line = #"{"v":1,"gateway":"gw-1","seq":7,"type":"door-alarm","point":"lobby","reason":"forced-open"}"#
    _ = try collector.take(
      topic: Estate.topics.name(.live), payload: Array(line.utf8), retained: false, now: 2, tick: 0)
    #expect(listener.story == ["forced-open"])
    #expect(try estate.store.alarms(open: true).map(\.about) == ["lobby"])
  }

  /// An old image was put in place: its records have seqs that HQ has, and yet are news.
  @Test func aRestoredGatewayIsHeardAllTheSame() throws {
    let estate = try Estate()
    try estate.write(20)
    try estate.take(try estate.batch(after: 0, limit: 20))
    let other = try Estate()
    try other.write(5)
    let forced = try other.journal.append([record("forced")])
    let listener = Listener()
    var collector = listener.collector(estate.store)
    for _ in 0..<2 {
      _ = try collector.take(
        topic: Estate.topics.name(.live), payload: forced[0].bytes, retained: false, now: 2, tick: 0)
    }
    #expect(listener.story == ["forced-open"])
    #expect(try estate.store.alarms(open: true).map(\.count) == [1])
  }

  @Test func whoeverNamesEverNewPointsFillsNothing() throws {
    let estate = try Estate()
    let listener = Listener()
    var collector = listener.collector(estate.store)
    let points = Int(HQLimits.alarmsAbout) + 50
    for seq in 1...points {
      let line =
        #"{"v":1,"gateway":"gw-1","seq":\#(seq),"type":"door-alarm","point":"p\#(seq)","reason":"forced-open"}"#
      _ = try collector.take(
        topic: Estate.topics.name(.live), payload: Array(line.utf8), retained: false, now: 2, tick: 0)
    }
    let open = try estate.store.alarms(open: true)
    #expect(open.count == Int(HQLimits.alarmsAbout) + 1)
    #expect(open.reduce(0) { $0 + $1.count } == Int64(points))
  }
}
