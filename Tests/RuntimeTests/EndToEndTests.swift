import GPIODriver
import Glibc
import Messages
import Platform
import Testing

/// The real program, asked over its sockets, its steel seen on a simulated chip.
@Suite(.serialized) struct EndToEndTests {
  private func opened() throws -> (RunningGateway, SimulatedChip) {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    try gateway.importList(BenchSites.list)
    let chip = try gateway.chip("bench")
    // The arm is down, the door is shut.
    chip.setInput(1, true)
    chip.setInput(3, true)
    MonotonicClock.sleep(milliseconds: 50)
    return (gateway, chip)
  }

  @Test func aGrantIsDurableAnsweredAndOpens() throws {
    let (gateway, chip) = try opened()
    let camera = try gateway.ingress()
    let answer = try camera.present("lane.camera", "plate:京a·12345", id: "a1", confidence: 0.93, track: "t-1")
    #expect(answer["id"] == "a1" && answer["decision"] == "grant" && answer["reason"] == "granted")
    #expect(answer["point"] == "lane")
    let seq = try #require(answer["seq"]?.integerValue)
    #expect(waitUntil(limit: 1_000) { chip.output(16) } != nil)
    // The same track is one passage; the same plate within the hold-off is the same presence.
    #expect(
      try camera.present("lane.camera", "plate:京A1234S", confidence: 0.9, track: "t-1")["seq"]?.integerValue
        == seq)
    #expect(try camera.present("lane.camera", "plate:京A12345", confidence: 0.9)["seq"]?.integerValue == seq)
    let records = try gateway.records().filter { $0["type"] == "access" }
    #expect(records.count == 1)
    #expect(records[0]["seq"]?.integerValue == seq)
    #expect(records[0]["credential"] == "plate:京A12345" && records[0]["list"] == 1)
    #expect(records[0]["passage"]?.stringValue != nil)
    let measured = try gateway.status()["event_to_output_us"]
    #expect(measured?["count"] == 1)
    #expect(measured?["max"]?.integerValue ?? 0 > 0)
  }

  @Test func aDenialIsLoggedLikeAGrant() throws {
    let cases: [(reader: String, credential: String, confidence: Double?, reason: String)] = [
      ("lane.camera", "plate:京Z99999", 0.9, "denied-unknown-credential"),
      ("lane.camera", "plate:粤BD12345", 0.9, "denied-credential-manual-disable"),
      ("lane.camera", "plate:京A12345", 0.5, "denied-authentication-factor-error"),
      ("lobby.card", "card:H10301/9999/1", nil, "denied-authentication-factor-error"),
      ("lobby.card", "no colon", nil, "denied-authentication-factor-error"),
    ]
    let (gateway, chip) = try opened()
    let ingress = try gateway.ingress()
    for (reader, credential, confidence, reason) in cases {
      let answer = try ingress.present(reader, credential, confidence: confidence)
      #expect(answer["decision"] == "deny" && answer["reason"]?.stringValue == reason, "\(credential)")
      let seq = try #require(answer["seq"]?.integerValue)
      let record = try gateway.records().first { $0["seq"]?.integerValue == seq }
      #expect(record?["type"] == "access" && record?["decision"] == "deny", "\(credential)")
    }
    #expect(waitUntil(limit: 150) { chip.output(16) || chip.output(18) } == nil)
  }

  @Test func aPassageUsesTheGrantAndANoShowGivesItBack() throws {
    let (gateway, chip) = try opened()
    _ = try gateway.ingress().present("lane.camera", "plate:京A12345", confidence: 0.9)
    try #require(waitUntil(limit: 1_000) { chip.output(16) } != nil)
    // The arm goes up, the car drives over the loop, the arm comes down.
    chip.setInput(1, false)
    MonotonicClock.sleep(milliseconds: 200)
    chip.setInput(0, true)
    MonotonicClock.sleep(milliseconds: 100)
    chip.setInput(2, true)
    MonotonicClock.sleep(milliseconds: 100)
    chip.setInput(2, false)
    let passage = try #require(try waitForRecord(gateway) { $0["type"] == "passage" })
    #expect(passage["credential"] == "plate:京A12345" && passage["reader"] == "lane.camera")
    // A door that nobody opens: the card's grant is taken back.
    _ = try gateway.ingress().present("lobby.card", "card:H10301/123/45678")
    try #require(waitUntil(limit: 1_000) { chip.output(18) } != nil)
    let noShow = try #require(try waitForRecord(gateway) { $0["reason"] == "no-entry-after-grant" })
    #expect(noShow["credential"] == "card:H10301/123/45678" && noShow["type"] == "passage")
    #expect(!chip.output(18))
  }

  private func waitForRecord(
    _ gateway: RunningGateway, _ matches: (JSONValue) -> Bool
  ) throws -> JSONValue? {
    for _ in 0..<60 {
      if let found = try gateway.records().first(where: matches) { return found }
      MonotonicClock.sleep(milliseconds: 50)
    }
    return nil
  }

  private func pulse(_ chip: SimulatedChip, _ line: Int) {
    chip.setInput(line, false)
    MonotonicClock.sleep(milliseconds: 1)
    chip.setInput(line, true)
    MonotonicClock.sleep(milliseconds: 2)
  }

  @Test func aCardOnTwoWiresOpensItsDoor() throws {
    let (gateway, chip) = try opened()
    chip.setInput(30, true)
    chip.setInput(31, true)
    MonotonicClock.sleep(milliseconds: 200)
    let bits = try #require(WiegandFormat.named("H10301")?.frame(facility: 123, number: 45_678))
    // A busy machine may tear the frame that this test plays: then it is a denial, and the card is held again.
    var swipes = 0
    repeat {
      swipes += 1
      for bit in bits { pulse(chip, bit ? 31 : 30) }
    } while swipes < 5 && waitUntil(limit: 1_000) { chip.output(18) } == nil
    let record = try waitForRecord(gateway) { $0["type"] == "access" && $0["decision"] == "grant" }
    #expect(record?["reader"] == "lobby.wires" && record?["credential"] == "card:H10301/123/45678")
    // Half a frame is a denial, never a part of a match.
    for _ in 0..<13 { pulse(chip, 30) }
    let damaged = try waitForRecord(gateway) { $0["detail"]?["damage"] != nil }
    #expect(damaged?["reason"] == "denied-authentication-factor-error")
  }

  @Test func whatIsNoJSONIsAnsweredAndHungUpOn() throws {
    let lines = [
      "nonsense", "[1,2", "{\"id\":", "\u{0}\u{1}\u{2}", String(repeating: "[", count: 5_000),
      String(repeating: "x", count: 70_000),
    ]
    let (gateway, _) = try opened()
    for line in lines {
      let client = try gateway.ingress()
      try client.send(line)
      #expect(try client.receive()?["error"]?.stringValue?.isEmpty == false, "\(line.prefix(20))")
      #expect(try client.receive(milliseconds: 2_000) == nil, "\(line.prefix(20))")
      let control = try gateway.control()
      try control.send(line)
      #expect(try control.receive()?["ok"] == false, "\(line.prefix(20))")
    }
    #expect(
      try gateway.ingress().present("lane.camera", "plate:京A12345", confidence: 0.9)["decision"] == "grant")
    #expect(try gateway.status()["guard"]?["restarts"] == 0)
  }

  @Test func whatIsNoReadingIsOnlyRefused() throws {
    let lines = [
      "{}", "{\"id\":1}", "{\"id\":\"a\",\"reader\":\"nobody\",\"credential\":\"plate:1\"}",
      "{\"id\":\"a\",\"reader\":\"lane.camera\",\"credential\":7}",
      "{\"id\":\"a\",\"reader\":\"lane.camera\",\"credential\":\"plate:1\",\"confidence\":1e99}",
      "[]", "\"text\"", "null",
    ]
    let (gateway, _) = try opened()
    let client = try gateway.ingress()
    for line in lines {
      try client.send(line)
      #expect(try client.receive()?["error"]?.stringValue?.isEmpty == false, "\(line)")
    }
    #expect(try client.present("lane.camera", "plate:京A12345", confidence: 0.9)["decision"] == "grant")
  }

  @Test func onlyItsUserSpeaksForAReader() throws {
    let (gateway, _) = try opened()
    let answer = try gateway.ingress().present("lobby.guarded", "card:H10301/123/45678")
    #expect(answer["error"]?.stringValue?.contains("nobody") == true)
  }

  @Test func manyPeersAndSlowOnesHoldNobodyUp() throws {
    let (gateway, _) = try opened()
    var idle: [LineClient] = []
    for _ in 0..<40 { idle.append(try gateway.ingress()) }
    let greedy = try gateway.control()
    for number in 0..<3_000 {
      guard (try? greedy.send("{\"id\":\(number),\"verb\":\"status\",\"args\":{}}")) != nil else { break }
    }
    #expect(
      try gateway.ingress().present("lane.camera", "plate:京A12345", confidence: 0.9)["decision"] == "grant")
    #expect(try gateway.control().call("points").arrayValue?.count == 3)
    withExtendedLifetime(idle) {}
  }

  @Test func ordersAreAnsweredByTheMachineAndLoggedWithWho() throws {
    let (gateway, chip) = try opened()
    let client = try gateway.control()
    #expect(try client.call("open", ["point": "lobby"])["accepted"] == true)
    #expect(waitUntil(limit: 1_000) { chip.output(18) } != nil)
    _ = try client.call("service", ["point": "lane", "out": true])
    #expect(throws: LineClient.Refused.self) {
      try client.call("test.output", ["name": "lane.raise", "level": true, "for_ms": 100])
    }
    #expect(throws: LineClient.Refused.self) { try client.call("open", ["point": "nowhere"]) }
    #expect(throws: LineClient.Refused.self) { try client.call("dance") }
    let refused = try #require(try waitForRecord(gateway) { $0["detail"]?["outcome"] == "refused" })
    #expect(refused["type"] == "operator" && refused["detail"]?["verb"] == "test.output")
    #expect(refused["detail"]?["cause"] == "not-in-maintenance")
    let orders = try gateway.records().filter { $0["type"] == "operator" }
    #expect(orders.allSatisfy { $0["detail"]?["user"]?.stringValue != nil })
    #expect(orders.count == 4, "the list, the door, the lane, the test")
    let access = try gateway.ingress().present("lane.camera", "plate:京A12345", confidence: 0.9)
    #expect(access["reason"] == "out-of-service")
  }

  @Test func outputsAreTestedInMaintenanceOnly() throws {
    let (gateway, chip) = try opened()
    let client = try gateway.control()
    _ = try client.call("maintenance", ["on": true])
    _ = try client.call("test.output", ["name": "lobby.strike", "level": true, "for_ms": 200])
    #expect(waitUntil(limit: 500) { chip.output(18) } != nil)
    #expect(waitUntil(limit: 1_000) { !chip.output(18) } != nil)
    #expect(try client.call("status")["maintenance"] == true)
    _ = try client.call("maintenance", ["on": false])
  }

  @Test func fireReleasesWithoutListOrNetwork() throws {
    let (gateway, chip) = try opened()
    chip.setInput(5, true)
    #expect(waitUntil(limit: 1_000) { chip.output(18) && !chip.output(20) && chip.output(16) } != nil)
    chip.setInput(5, false)
    let client = try gateway.control()
    #expect(try client.call("emergency.status")[0]?["active"] == true)
    #expect(waitUntil(limit: 300) { !chip.output(18) } == nil, "holds until a person resets")
    _ = try client.call("emergency.reset", ["plan": "fire"])
    #expect(waitUntil(limit: 1_000) { !chip.output(18) } != nil)
    #expect(try gateway.records().filter { $0["type"] == "emergency" }.count >= 2)
  }
}
