import Messages
import Testing

private let moment = Timestamp(milliseconds: 1_795_334_400_123)

@Suite struct LogRecordTests {
  static let full = LogRecord(
    gateway: "gw-0417", boot: 7, at: moment, clock: .synced, monotonic: 123_456_789, type: .access,
    point: "lane1",
    reader: "lane1.camera", side: .in, credential: "plate:京A12345", decision: .grant, reason: "granted",
    list: 42,
    passage: "p-7-19")

  @Test func bytesAreTheContracts() {
    #expect(
      String(decoding: Self.full.encoded(seq: 101), as: UTF8.self)
        == #"{"v":1,"gateway":"gw-0417","seq":101,"boot":7,"at":"2026-11-22T08:00:00.123Z","clock":"synced","#
        + #""mono_ns":123456789,"type":"access","point":"lane1","reader":"lane1.camera","side":"in","#
        + #""credential":"plate:京A12345","decision":"grant","reason":"granted","list":42,"passage":"p-7-19","detail":{}}"#
    )
  }

  @Test func roundTrip() throws {
    #expect(try LogRecord.parse(Self.full.encoded(seq: 101)) == .record(seq: 101, Self.full))
    let bare = LogRecord(
      gateway: "g", boot: 1, at: moment, clock: .untrusted, monotonic: .max, type: .doorAlarm,
      detail: ["a": [1, nil]])
    let text = String(decoding: bare.encoded(seq: 1), as: UTF8.self)
    #expect(text.hasSuffix(#""type":"door-alarm","detail":{"a":[1,null]}}"#))
    guard case .record(1, let read) = try LogRecord.parse(bare.encoded(seq: 1)) else {
      Issue.record("not a record")
      return
    }
    #expect(read.monotonic == UInt64(Int64.max))
    #expect(read.detail == bare.detail)
  }

  @Test func redacted() throws {
    let digest = [UInt8](repeating: 0xAB, count: 32)
    let bytes = LogRecord.redacted(gateway: "g", seq: 9, digest: digest)
    #expect(
      String(decoding: bytes, as: UTF8.self)
        == #"{"v":1,"gateway":"g","seq":9,"redacted":true,"digest":"\#(Hex.text(digest))"}"#)
    #expect(try LogRecord.parse(bytes) == .redacted(gateway: "g", seq: 9, digest: digest))
  }

  @Test(arguments: [
    ("{}", "'v'"), (#"{"v":2}"#, "'v'"), (#"{"v":1,"seq":-1}"#, "'seq'"),
    (#"{"v":1,"seq":1,"gateway":"g","boot":1,"at":"now"}"#, "'at'"),
    (#"{"v":1,"seq":1,"gateway":"g","boot":1,"at":"2026-01-01T00:00:00Z","clock":"odd"}"#, "'clock'"),
    ("[]", "object"), ("x", "JSON"),
  ])
  func refusals(text: String, names: String) {
    let fault = #expect(throws: MessageFault.self) { try LogRecord.parse(Array(text.utf8)) }
    #expect(fault?.text.contains(names) == true)
  }
}

@Suite struct SocketMessageTests {
  @Test func ingress() throws {
    let line =
      #"{"id":"a1","reader":"lane1.camera","credential":"plate:京A12345","confidence":0.93,"#
      + #""candidates":[{"value":"京A1234S","confidence":0.61}],"seen_at":"2026-11-22T08:00:00.123Z","#
      + #""track":"cam-881","image":"x.jpg"}"#
    let request = try IngressRequest.parse(Array(line.utf8))
    #expect(request.candidates == [.init(value: "京A1234S", confidence: 0.61)])
    #expect(request.seenAt == moment)
    #expect(String(decoding: request.encoded(), as: UTF8.self) == line)
    let bare = try IngressRequest.parse(Array(#"{"id":"1","reader":"r","credential":"qr:x","new":{}}"#.utf8))
    #expect(bare == IngressRequest(id: "1", reader: "r", credential: "qr:x"))
  }

  @Test(arguments: [
    (#"{"reader":"r","credential":"c"}"#, "'id' is missing"),
    (#"{"id":1,"reader":"r","credential":"c"}"#, "'id' must be text"),
    (#"{"id":"1","reader":"r","credential":"c","confidence":2}"#, "from 0 to 1"),
    (#"{"id":"1","reader":"r","credential":"c","seen_at":"x"}"#, "RFC 3339"),
    (#"{"id":"1","reader":"r","credential":"c","candidates":[1]}"#, "object"),
    (#"{"id":"1","reader":"r","credential":"c","candidates":{}}"#, "array"),
  ])
  func ingressRefusals(line: String, says: String) {
    let fault = #expect(throws: MessageFault.self) { try IngressRequest.parse(Array(line.utf8)) }
    #expect(fault?.text.contains(says) == true)
  }

  @Test func ingressBoundsNamesAndCandidates() {
    let long = String(repeating: "x", count: 257)
    let many = Array(repeating: IngressRequest.Candidate(value: "x", confidence: 0), count: 17)
    for request in [
      IngressRequest(id: long, reader: "r", credential: "c"),
      IngressRequest(id: "1", reader: "r", credential: long),
      IngressRequest(id: "1", reader: "r", credential: "c", candidates: many),
    ] {
      #expect(throws: MessageFault.self) { try IngressRequest.parse(request.encoded()) }
    }
  }

  @Test(arguments: [
    (
      IngressReply.decided(id: "a1", decision: .grant, reason: "granted", point: "lane1", seq: 101),
      #"{"id":"a1","decision":"grant","reason":"granted","point":"lane1","seq":101}"#
    ), (.refused(id: "a1", error: "unknown reader 'x'"), #"{"id":"a1","error":"unknown reader 'x'"}"#),
    (.refused(id: nil, error: "not JSON"), #"{"error":"not JSON"}"#),
  ])
  func ingressReplies(reply: IngressReply, line: String) throws {
    #expect(String(decoding: reply.encoded(), as: UTF8.self) == line)
    #expect(try IngressReply.parse(Array(line.utf8)) == reply)
  }

  @Test func control() throws {
    let line = #"{"id":1,"verb":"status","args":{}}"#
    #expect(try ControlRequest.parse(Array(line.utf8)) == ControlRequest(id: 1, verb: "status"))
    #expect(String(decoding: ControlRequest(id: 1, verb: "status").encoded(), as: UTF8.self) == line)
    #expect(throws: MessageFault.self) {
      try ControlRequest.parse(Array(#"{"id":1,"verb":"v","args":[]}"#.utf8))
    }
  }

  @Test(
    arguments: [
      (ControlReply.done(id: 1, result: ["a": 1]), #"{"id":1,"ok":true,"result":{"a":1}}"#),
      (.refused(id: 2, error: "no", detail: nil), #"{"id":2,"ok":false,"error":"no"}"#),
      (
        .refused(id: 2, error: "no", detail: ["faults": [1]]),
        #"{"id":2,"ok":false,"error":"no","faults":[1]}"#
      ),
      (.event(id: 3, ["record": [:]]), #"{"id":3,"event":{"record":{}}}"#),
    ] as [(ControlReply, String)])
  func controlReplies(reply: ControlReply, line: String) throws {
    #expect(String(decoding: reply.encoded(), as: UTF8.self) == line)
    #expect(try ControlReply.parse(Array(line.utf8)) == reply)
  }
}

@Suite struct UplinkMessageTests {
  private let hash = [UInt8](repeating: 7, count: 32)

  @Test func topics() {
    let topics = UplinkTopics(site: "riverside", gateway: "gw-0417")
    #expect(topics.name(.log) == "gatehouse/1/riverside/gw-0417/up/log")
    for topic in UplinkTopics.Topic.allCases {
      let parsed = UplinkTopics.parse(topics.name(topic))
      #expect(parsed?.topics == topics)
      #expect(parsed?.topic == topic)
    }
    for wrong in [
      "", "gatehouse/2/a/b/up/log", "gatehouse/1/a/b/up", "gatehouse/1//b/up/log", "gatehouse/1/a/b/up/x",
    ] {
      #expect(UplinkTopics.parse(wrong) == nil)
    }
    // What a collector says to itself is no gateway's word, whatever the site is called.
    let echo = UplinkTopics.echo(of: "hq-1")
    #expect(echo == "gatehouse/1/headquarters/hq-1/up/echo")
    #expect(UplinkTopics.isEcho(echo))
    #expect(UplinkTopics.parse(echo) == nil)
    #expect(!UplinkTopics.isEcho(UplinkTopics(site: "headquarters", gateway: "hq-1").name(.log)))
  }

  @Test func plainPayloads() throws {
    let birth = UplinkBirth(boot: 7, first: 1, last: 900, acknowledged: 600, list: 42, challenge: "c")
    #expect(try UplinkBirth.parse(birth.encoded()) == birth)
    let asked = UplinkBirth(
      boot: 7, first: 1, last: 900, acknowledged: 600, list: 42, challenge: "c", connection: "k", asked: "p1",
      listID: "l0", arriving: UplinkListGaps(id: "l", missing: [2]))
    #expect(try UplinkBirth.parse(asked.encoded()) == asked)
    for death in [UplinkDeath(boot: 7, connection: "k"), UplinkDeath(boot: 7, connection: nil)] {
      #expect(try UplinkDeath.parse(death.encoded()) == death)
    }
    let ack = UplinkAcknowledgement(through: 600, hash: hash)
    #expect(try UplinkAcknowledgement.parse(ack.encoded()) == ack)
    #expect(String(decoding: ack.encoded(), as: UTF8.self) == #"{"through":600,"hash":"\#(Hex.text(hash))"}"#)
    let pull = UplinkPull(id: "p1", after: 0, limit: 500)
    #expect(try UplinkPull.parse(pull.encoded()) == pull)
    for reply in [UplinkReply(id: "1"), UplinkReply(id: "1", error: "no")] {
      #expect(try UplinkReply.parse(reply.encoded()) == reply)
    }
    #expect(throws: MessageFault.self) {
      try UplinkAcknowledgement.parse(Array(#"{"through":1,"hash":"00"}"#.utf8))
    }
    #expect(throws: MessageFault.self) {
      try UplinkPull.parse(Array(#"{"id":"1","after":-1,"limit":1}"#.utf8))
    }
  }

  @Test func batchCarriesRecordsVerbatim() throws {
    let records = [Array(#"{"v": 1, "odd" :  "spacing"}"#.utf8), LogRecordTests.full.encoded(seq: 6)]
    let batch = UplinkLogBatch(
      gateway: "g", first: 5, previous: hash, gap: .init(first: 2, last: 4), records: records)
    #expect(batch.last == 6)
    #expect(try UplinkLogBatch.parse(batch.encoded()) == batch)
  }

  @Test(arguments: [
    #"{"v":1,"gateway":"g","first":1,"last":2,"prev":"HASH","records":[{}]}"#,
    #"{"v":1,"gateway":"g","first":1,"last":0,"prev":"HASH","records":[]}"#,
    #"{"v":1,"gateway":"g","first":0,"last":0,"prev":"HASH","records":[{}]}"#,
    #"{"v":1,"gateway":"g","first":9223372036854775807,"last":1,"prev":"HASH","records":[{}]}"#,
    #"{"v":1,"gateway":"g","first":1,"last":1,"prev":"00","records":[{}]}"#,
    #"{"v":2,"gateway":"g","first":1,"last":1,"prev":"HASH","records":[{}]}"#,
    #"{"v":1,"gateway":"g","first":1,"last":1,"prev":"HASH","records":[{}],"records":[{}]}"#,
    #"{"v":1,"gateway":"g","first":1,"last":1,"prev":"HASH","records":{}}"#, "[]", "",
  ])
  func batchRefusals(text: String) {
    let payload = text.split(separator: "HASH").joined(separator: Hex.text(hash))
    #expect(throws: MessageFault.self) { try UplinkLogBatch.parse(Array(payload.utf8)) }
  }

  @Test func signed() throws {
    let envelope = SignedEnvelope(signature: [UInt8](0..<64), payload: Array("{}\nrest".utf8))
    #expect(try SignedEnvelope.parse(envelope.encoded()) == envelope)
    for wrong in ["", "ed25519:\n{}", "ed25519:AAAA\n{}", "rsa:AAAA\n{}", "ed25519:AAAA"] {
      #expect(throws: MessageFault.self) { try SignedEnvelope.parse(Array(wrong.utf8)) }
    }
    let part = UplinkListPart(
      id: "l1", for: UplinkTopics(site: "s", gateway: "g"), version: 43, base: nil, part: 1, parts: 2,
      digest: hash,
      rows: "credential,holder\nplate:京A1,\n")
    #expect(try UplinkListPart.parse(part.encoded()) == part)
    let command = UplinkCommand(
      id: "c", for: UplinkTopics(site: "s", gateway: "g"), challenge: "x", verb: "open", point: "lane1",
      expires: moment)
    for bytes in [part.encoded(), command.encoded()] {
      #expect(String(decoding: bytes, as: UTF8.self).contains(#""site":"s","gateway":"g","#))
    }
    #expect(try UplinkCommand.parse(command.encoded()) == command)
    let nobody = Array(#"{"id":"c","challenge":"x","verb":"open","point":"p","expires":"\#(moment)"}"#.utf8)
    #expect(try UplinkCommand.parse(nobody).gateway.isEmpty)
  }

  /// One more than the highest would still be a number.
  @Test(
    arguments: [
      (0, true), (MessageLimits.listVersion, true), (MessageLimits.listVersion + 1, false), (.max - 1, false),
      (.max, false), (-1, false),
    ] as [(Int64, Bool)])
  func aVersionOfAListHasABound(version: Int64, isGood: Bool) {
    let birth = UplinkBirth(boot: 7, first: 1, last: 9, acknowledged: 6, list: version, challenge: "c")
    #expect(((try? UplinkBirth.parse(birth.encoded())) != nil) == isGood)
    for (new, base) in [(version, nil), (5, version)] as [(Int64, Int64?)] {
      let part = UplinkListPart(
        id: "l", for: UplinkTopics(site: "s", gateway: "g"), version: new, base: base, part: 1, parts: 1,
        digest: hash, rows: "")
      #expect(((try? UplinkListPart.parse(part.encoded())) != nil) == isGood)
    }
  }

  @Test(
    arguments: [(1, 1, true), (1, 1_024, true), (0, 1, false), (2, 1, false), (1, .max, false)]
      as [(Int64, Int64, Bool)])
  func aListHasOnlySoManyParts(part: Int64, parts: Int64, isGood: Bool) {
    let part = UplinkListPart(
      id: "l", for: UplinkTopics(site: "s", gateway: "g"), version: 1, base: nil, part: part, parts: parts,
      digest: hash, rows: "")
    #expect(((try? UplinkListPart.parse(part.encoded())) != nil) == isGood)
  }
}
