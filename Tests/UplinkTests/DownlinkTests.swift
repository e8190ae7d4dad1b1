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
    _ topic: UplinkTopics.Topic, _ payload: [UInt8], retained: Bool = false
  ) throws -> UplinkReply? {
    try downlink.take(
      .init(topic: topics.name(topic), payload: payload, retained: retained), reader: reader, sender: &sender)
  }

  func command(
    _ id: String = "c1", challenge: String? = nil, verb: String = "open", expiresIn: Int64 = 60_000
  ) -> [UInt8] {
    let command = UplinkCommand(
      id: id, challenge: challenge ?? downlink.gate.challenge, verb: verb, point: "lane1",
      expires: Timestamp(milliseconds: WallClock.milliseconds() + expiresIn))
    return key.sign(command.encoded()).encoded()
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
      id: "c", challenge: bench.downlink.gate.challenge, verb: "open", point: "lane1",
      expires: Timestamp(milliseconds: .max))
    #expect(try bench.hear(.command, SigningKey.generate().sign(command.encoded()).encoded()) == nil)
    #expect(try bench.hear(.command, command.encoded()) == nil)
    #expect(try bench.hear(.log, []) == nil)
    #expect(bench.controller.calls("open").isEmpty)
    #expect(bench.controller.calls("uplink.refused").count >= 1)
  }

  @Test func withoutAKeyNothingSignedIsTaken() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let challenge = bench.downlink.gate.challenge
    bench.downlink = Downlink(
      topics: bench.topics, control: ControlClient(path: bench.controller.path), key: nil,
      lists: ListDesk(), note: { _ in })
    #expect(bench.downlink.gate.challenge != challenge)
    #expect(try bench.hear(.command, bench.command()) == nil)
    #expect(bench.controller.calls("open").isEmpty)
  }

  @Test func aListArrivesInPartsInAnyOrder() throws {
    var bench = try Bench()
    defer { bench.controller.stop() }
    let csv = "credential,holder,groups\n" + String(repeating: "plate:京A12345,李娜,residents\n", count: 20_000)
    let list = try ListPublication(csv: Array(csv.utf8), version: 4, base: nil, id: "l1", key: bench.key)
    #expect(list.payloads.count > 2)
    for payload in list.payloads.dropFirst().reversed() {
      #expect(try bench.hear(.list, payload) == nil)
      #expect(try bench.hear(.list, payload) == nil)
    }
    #expect(bench.controller.calls("list.begin").isEmpty)
    #expect(try bench.hear(.list, list.payloads[0]) == UplinkReply(id: "l1"))
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
      let list = try ListPublication(csv: csv, version: version, base: base, id: "l", key: bench.key)
      #expect(try bench.hear(.list, list.payloads[0])?.error != nil)
    }
    var part = UplinkListPart(
      id: "x", version: 9, base: nil, part: 1, parts: 1, digest: Digest.zero, rows: "credential,holder\n")
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
