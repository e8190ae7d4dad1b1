import Broker
import HQ
import Journal
import Messages
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Uplink

/// A downlink between HQ's key and a controller.
private struct Bench {
  let place: TemporaryDirectory
  let controller: FakeController
  let reader: JournalReader
  let key = SigningKey.generate()
  let topics = UplinkTopics(site: "riverside", gateway: "gw-1")
  var downlink: Downlink
  var sender = LogSender(window: 4, batch: 10)

  init() throws {
    place = try TemporaryDirectory(prefix: "uplink")
    controller = try FakeController(directory: place.path)
    reader = try JournalReader(path: "\(place.path)/gatehouse.db")
    downlink = Downlink(
      topics: topics, control: ControlClient(path: controller.path), key: VerifyingKey(key.publicKey),
      lists: ListDesk(), note: { _ in })
  }

  mutating func hear(
    _ topic: UplinkTopics.Topic, _ payload: [UInt8], retained: Bool = false,
    tick: UInt64 = MonotonicClock.now()
  ) throws -> UplinkReply? {
    try downlink.take(
      .init(topic: topics.name(topic), payload: payload, retained: retained), reader: reader, sender: &sender,
      tick: tick)
  }

  mutating func command(
    _ id: String = "c1", for gateway: UplinkTopics? = nil, challenge: String? = nil, verb: String = "open",
    expiresIn: Int64 = 60_000
  ) -> [UInt8] {
    let command = UplinkCommand(
      id: id, for: gateway ?? topics, challenge: challenge ?? downlink.gate.draw(tick: MonotonicClock.now()),
      verb: verb,
      point: "lane1",
      expires: Timestamp(milliseconds: WallClock.milliseconds() + expiresIn))
    return key.sign(command.encoded()).encoded()
  }

  func list(
    _ csv: [UInt8], for gateway: UplinkTopics? = nil, version: Int64, base: Int64? = nil, id: String = "l"
  ) throws -> [[UInt8]] {
    try ListPublication(csv: csv, id: id)
      .signed(for: gateway ?? topics, version: version, base: base, key: key).payloads
  }
}

@Suite struct DownlinkTests {
  @Test func aRightCommandOpensOnce() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let command = bench.command()
    #expect(try bench.hear(.command, command) == UplinkReply(id: "c1"))
    #expect(bench.controller.calls("open") == [["point": "lane1"]])
    #expect(try bench.hear(.command, command)?.error?.contains("before") == true)
    #expect(bench.controller.calls("open").count == 1)
    #expect(bench.controller.calls("uplink.refused").count == 1)
  }

  @Test func wrongCommandsOpenNothing() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    var payload = bench.command()
    payload[payload.count - 3] ^= 1
    #expect(try bench.hear(.command, payload) == nil)
    #expect(try bench.hear(.command, bench.command(), retained: true) == nil)
    #expect(try bench.hear(.command, bench.command(challenge: "old"))?.error?.contains("challenge") == true)
    #expect(try bench.hear(.command, bench.command(expiresIn: -1))?.error?.contains("expired") == true)
    #expect(try bench.hear(.command, bench.command(verb: "shutdown"))?.error?.contains("verb") == true)
    let command = UplinkCommand(
      id: "c", for: bench.topics, challenge: bench.downlink.gate.draw(tick: MonotonicClock.now()),
      verb: "open",
      point: "lane1",
      expires: Timestamp(milliseconds: .max))
    #expect(try bench.hear(.command, SigningKey.generate().sign(command.encoded()).encoded()) == nil)
    #expect(try bench.hear(.command, command.encoded()) == nil)
    #expect(try bench.hear(.log, []) == nil)
    #expect(bench.controller.calls("open").isEmpty)
    #expect(bench.controller.calls("uplink.refused").count >= 1)
  }

  /// One key is trusted in the whole estate, and whoever may publish at the broker can carry a message on.
  @Test(arguments: [
    ("riverside", ""), ("", "gw-1"), ("riverside", "gw-2"), ("hillside", "gw-1"),
    ("riverside", "GW-1"),
  ])
  func whatWasSignedForAnotherGatewayIsRefused(site: String, gateway: String) throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let other = UplinkTopics(site: site, gateway: gateway)
    let words = "signed for \(site)/\(gateway)"
    #expect(try bench.hear(.command, bench.command(for: other))?.error?.contains(words) == true)
    let csv = Array("credential,holder\nplate:A,\n".utf8)
    for base in [nil, 3] as [Int64?] {
      let payloads = try bench.list(csv, for: other, version: 4, base: base)
      #expect(try bench.hear(.list, payloads[0])?.error?.contains(words) == true)
    }
    #expect(bench.controller.calls("open").isEmpty && bench.controller.calls("list.begin").isEmpty)
    #expect(bench.controller.calls("uplink.refused").first?["why"]?.stringValue?.contains(words) == true)
    #expect(try bench.hear(.command, bench.command()) == UplinkReply(id: "c1"))
  }

  /// Another's HQ, which knows the contract alone: it names nobody, and takes one birth's challenge for several commands.
  @Test func whatNamesNobodyIsForWhomItWasSentTo() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let nobody = UplinkTopics(site: "", gateway: "")
    let challenge = bench.downlink.gate.draw(tick: MonotonicClock.now())
    for id in ["c1", "c2"] {
      let command = bench.command(id, for: nobody, challenge: challenge)
      #expect(try bench.hear(.command, command) == UplinkReply(id: id))
      #expect(try bench.hear(.command, command)?.error?.contains("before") == true)
    }
    #expect(bench.controller.calls("open").count == 2)
    let payloads = try bench.list(Array("credential,holder\nplate:A,\n".utf8), for: nobody, version: 4)
    #expect(try bench.hear(.list, payloads[0])?.error == nil)
    #expect(bench.controller.calls("list.commit").count == 1)
  }

  /// Whoever heard the last birth has a challenge that is good, however long the connection holds.
  @Test func aChallengeIsRenewedBeforeItIsOver() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let life = UplinkLimits.challengeMilliseconds * 1_000_000
    _ = bench.downlink.gate.draw(tick: 1_000)
    #expect(bench.downlink.nextBirth(tick: 1_000 + life / 2).isWanted == false)
    #expect(bench.downlink.nextBirth(tick: 1_000 + life * 3 / 4).isWanted)
    _ = bench.downlink.gate.draw(tick: 1_000 + life * 3 / 4)
    #expect(bench.downlink.nextBirth(tick: 1_000 + life).isWanted == false)
  }

  @Test func withoutAKeyNothingSignedIsTaken() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    bench.downlink = Downlink(
      topics: bench.topics, control: ControlClient(path: bench.controller.path), key: nil,
      lists: ListDesk(), note: { _ in })
    #expect(try bench.hear(.command, bench.command()) == nil)
    #expect(bench.controller.calls("open").isEmpty)
  }

  /// The date in the command is still to come, as where the gateway's clock was set back: the challenge has grown old.
  @Test func aCommandThatWasHeldBackOpensNothing() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let held = bench.command(expiresIn: 10 * 365 * 86_400_000)
    let later = MonotonicClock.now() + UplinkLimits.challengeMilliseconds * 1_000_000
    #expect(
      try bench.hear(.command, held, tick: later)?.error?.contains("drawn longer than 120 s ago") == true)
    #expect(bench.controller.calls("open").isEmpty)
    let birth = bench.downlink.nextBirth()
    #expect(birth.isWanted && birth.asked == nil, "whoever asks again needs a good one")
    #expect(bench.downlink.nextBirth().isWanted == false)
    let inTime = bench.command("c2")
    #expect(try bench.hear(.command, inTime, tick: later - 1_000_000_000) == UplinkReply(id: "c2"))
  }

  @Test func aChallengeIsNotGoodForLongAndNoCommandTwice() throws {
    var gate = CommandGate()
    let life = UplinkLimits.challengeMilliseconds * 1_000_000
    func command(_ challenge: String, _ id: String = "c") -> UplinkCommand {
      UplinkCommand(
        id: id, for: UplinkTopics(site: "s", gateway: "g"), challenge: challenge, verb: "open", point: "p",
        expires: Timestamp(milliseconds: 1))
    }
    func isAdmitted(_ command: UplinkCommand, at tick: UInt64, now: Int64 = 0) -> Bool {
      (try? gate.admit(command, now: Timestamp(milliseconds: now), tick: tick)) != nil
    }
    // Two who ask at once have one each, in whatever order they come.
    let both = [gate.draw(tick: 5), gate.draw(tick: 6)]
    #expect(isAdmitted(command(both[1], "a"), at: 10))
    #expect(isAdmitted(command(both[0], "b"), at: 10))
    for challenge in both {
      #expect(!isAdmitted(command(challenge, "a"), at: 10) && !isAdmitted(command(challenge, "b"), at: 10))
    }
    #expect(isAdmitted(command(both[0], "another"), at: 10))
    // A command that is refused uses nothing up.
    let third = gate.draw(tick: 20)
    #expect(!isAdmitted(command(third), at: 20, now: 1))
    #expect(!isAdmitted(command(third), at: 20 + life))
    #expect(isAdmitted(command(third, "d"), at: 19 + life))
    // Whoever asks without end fills no memory, and the newest stay good.
    let many = (0..<UplinkLimits.challenges + 3).map { _ in gate.draw(tick: 30 + life) }
    let admitted = many.enumerated().map { isAdmitted(command($1, "many \($0)"), at: 30 + life) }
    #expect(admitted == many.indices.map { $0 >= 3 })
    // Nor do commands without end.
    let flood = (0..<UplinkLimits.commands).count {
      isAdmitted(command(many.last!, "flood \($0)"), at: 30 + life)
    }
    #expect(flood == UplinkLimits.commands - UplinkLimits.challenges)
    let next = gate.draw(tick: 31 + 2 * life)
    #expect(isAdmitted(command(next, "a"), at: 31 + 2 * life), "what is over is remembered no longer")
  }

  @Test func everyPullOfNoRecordsGetsABirthOfItsOwn() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    for id in ["h1", "h2"] { _ = try bench.hear(.pull, UplinkPull(id: id, after: 0, limit: 0).encoded()) }
    // A long pull is under way; and no asking fills the memory.
    for number in 0..<UplinkLimits.pulls {
      _ = try bench.hear(.pull, UplinkPull(id: "\(number)", after: 0, limit: 9).encoded())
    }
    #expect(
      try bench.hear(.pull, UplinkPull(id: "h3", after: 0, limit: 0).encoded()) == UplinkReply(id: "h3"))
    #expect([bench.downlink.nextBirth().asked, bench.downlink.nextBirth().asked] == ["h1", "h2"])
    #expect(bench.downlink.nextBirth().asked == "h3")
    #expect(bench.downlink.nextBirth().isWanted == false)
    let answers = try (0...UplinkLimits.pulls).map { number in
      try bench.hear(.pull, UplinkPull(id: "a\(number)", after: 0, limit: 0).encoded())?.error
    }
    #expect(answers.map { $0 == nil } == answers.indices.map { $0 < UplinkLimits.pulls })
  }

  @Test func aListArrivesInPartsInAnyOrder() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let csv = "credential,holder,groups\n" + String(repeating: "plate:京A12345,李娜,residents\n", count: 20_000)
    let payloads = try bench.list(Array(csv.utf8), version: 4, id: "l1")
    #expect(payloads.count > 2)
    for payload in payloads.dropFirst().reversed() {
      #expect(try bench.hear(.list, payload) == nil)
      #expect(try bench.hear(.list, payload) == nil)
    }
    #expect(bench.controller.calls("list.begin").isEmpty)
    #expect(try bench.hear(.list, payloads[0]) == UplinkReply(id: "l1"))
    #expect(bench.controller.calls("list.begin") == [["merge": false, "skip_bad": false, "version": 4]])
    let rows = bench.controller.calls("list.rows").compactMap { $0["text"]?.stringValue }
    #expect(rows.joined() == csv)
    #expect(bench.controller.calls("list.commit").count == 1)
  }

  @Test func aListThatIsOldOrDamagedIsRefused() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let csv = Array("credential,holder\nplate:A,\n".utf8)
    for (version, base) in [(3, nil), (2, nil), (5, 2)] as [(Int64, Int64?)] {
      let payloads = try bench.list(csv, version: version, base: base)
      #expect(try bench.hear(.list, payloads[0])?.error != nil)
    }
    var part = UplinkListPart(
      id: "x", for: bench.topics, version: 9, base: nil, part: 1, parts: 1, digest: Digest.zero,
      rows: "credential,holder\n")
    #expect(
      try bench.hear(.list, bench.key.sign(part.encoded()).encoded())?.error?.contains("SHA-256") == true)
    part.digest = Digest.of(Array(part.rows.utf8))
    #expect(try bench.hear(.list, SigningKey.generate().sign(part.encoded()).encoded()) == nil)
    #expect(bench.controller.calls("list.begin").isEmpty)
    #expect(try bench.hear(.list, bench.key.sign(part.encoded()).encoded()) == UplinkReply(id: "x"))
  }

  @Test func acknowledgementsReachTheJournalAndWrongOnesDoNot() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    bench.controller.write((0..<50).map(draft))
    try eventually("50 records") { try bench.reader.summary().last == 50 }
    bench.sender.restart(after: 0)
    let hash = try #require(try bench.reader.hash(of: 20))
    _ = try bench.hear(.acknowledge, UplinkAcknowledgement(through: 21, hash: hash).encoded())
    _ = try bench.hear(.acknowledge, UplinkAcknowledgement(through: 99, hash: hash).encoded())
    #expect(bench.sender.acknowledged == 0)
    #expect(bench.downlink.acknowledgement == nil)
    _ = try bench.hear(.acknowledge, UplinkAcknowledgement(through: 20, hash: hash).encoded())
    #expect(bench.sender.acknowledged == 20)
    bench.downlink.passOnAcknowledgement()
    #expect(bench.downlink.acknowledgement == nil)
    #expect(bench.controller.state.withLock { $0.acked } == 20)
  }

  @Test func aControllerThatIsAwayIsToldLater() throws {
    var bench = try Bench()
    bench.controller.write((0..<5).map(draft))
    try eventually("5 records") { try bench.reader.summary().last == 5 }
    bench.controller.stop()
    Files.remove(bench.controller.path)
    let acknowledgement = UplinkAcknowledgement(through: 5, hash: try #require(try bench.reader.hash(of: 5)))
    _ = try bench.hear(.acknowledge, acknowledgement.encoded())
    bench.downlink.passOnAcknowledgement()
    #expect(bench.downlink.acknowledgement == acknowledgement)
  }

  @Test func pullsAreAnsweredFromTheJournal() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    bench.controller.write((0..<50).map(draft))
    try eventually("50 records") { try bench.reader.summary().last == 50 }
    #expect(try bench.hear(.pull, UplinkPull(id: "p", after: 5, limit: 25).encoded()) == nil)
    var seqs: [Int64] = []
    var reply: UplinkReply?
    while reply == nil {
      let next = try bench.downlink.nextPulled(from: bench.reader, batch: 10)
      seqs += next.batch.map { Array($0.first...$0.last) } ?? []
      reply = next.reply
    }
    #expect(seqs == Array(6...30))
    #expect(reply == UplinkReply(id: "p"))
    for number in 0..<UplinkLimits.pulls {
      #expect(try bench.hear(.pull, UplinkPull(id: "\(number)", after: 0, limit: 1).encoded()) == nil)
    }
    #expect(try bench.hear(.pull, UplinkPull(id: "many", after: 0, limit: 1).encoded())?.error != nil)
  }
}
