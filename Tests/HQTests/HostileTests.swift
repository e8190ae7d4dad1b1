import HQ
import Journal
import Messages
import Platform
import TestSupport
import Testing

/// Whoever may publish at the broker may publish anything. The collector refuses it and goes on.
@Suite struct HostileTests {
  static let pieces: [String] = [
    "{", "}", "[", "]", "\"", ",", ":", "null", "-1", "0", "1e999", "9223372036854775807", "\\u0000",
    "\u{1B}[2J",
    "records", "\"seq\":", "\"first\":9223372036854775807,\"last\":9223372036854775807",
    "\"gap\":{\"first\":1,\"last\":8}",
    "\"boot\":-5", "ed25519:", "\"gateway\":\"gw-1\"", "é", "\u{202E}",
  ]

  /// Cut, doubled, flipped and spliced.
  private func damage(_ bytes: [UInt8], _ dice: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0..<Int.random(in: 1...4, using: &dice) {
      let place = Int.random(in: 0...bytes.count, using: &dice)
      switch Int.random(in: 0..<5, using: &dice) {
      case 0: bytes.removeSubrange(place...)
      case 1: bytes.insert(contentsOf: bytes[place...].prefix(200), at: place)
      case 2 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &dice)
      case 3: bytes.insert(contentsOf: Self.pieces.randomElement(using: &dice)!.utf8, at: place)
      default:
        let end = min(bytes.count, place + Int.random(in: 0...40, using: &dice))
        bytes.removeSubrange(place..<end)
      }
    }
    return bytes
  }

  @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
  func nothingThatAGatewaySaysStopsTheCollector(seed: UInt64) throws {
    var dice = SplitMix64(seed: seed)
    let estate = try Estate()
    try estate.write(40)
    let good = try estate.batch(after: 0, limit: 40)
    let birth = UplinkBirth(boot: 1, first: 1, last: 40, acknowledged: 0, list: 1, challenge: "c").encoded()
    let seeds: [(UplinkTopics.Topic, [UInt8])] = [
      (.log, try estate.batch(after: 3, limit: 5).encoded()), (.birth, birth),
      (.death, Array("{\"boot\":1}".utf8)),
      (.reply, UplinkReply(id: "x", error: "no").encoded()), (.live, good.records[0]), (.command, birth),
    ]
    let names = [
      "riverside/gw-1", "riverside/gw-1", "a/b", "\u{1B}c/x", "../../etc/passwd",
      String(repeating: "x", count: 300) + "/y",
    ]
    let listener = Listener()
    var collector = listener.collector(estate.store)
    for round in 0..<400 {
      let (topic, payload) = seeds.randomElement(using: &dice)!
      let name = "gatehouse/1/\(names.randomElement(using: &dice)!)/\(topic.rawValue)"
      let said = damage(payload, &dice)
      let answers = try collector.take(
        topic: round % 50 == 49 ? String(decoding: said.prefix(80), as: UTF8.self) : name, payload: said,
        retained: round % 37 == 0, now: Int64(round), tick: UInt64(round) * 700)
      #expect(answers.count <= 2, "seed \(seed), round \(round)")
    }
    // What is true still gets in, unless a damaged one was true enough to be the beginning of another chain.
    if let gateway = try estate.store.gateway(site: "riverside", name: "gw-1"), gateway.through.seq > 0 {
      #expect(try estate.store.verify(gateway) != .intact(records: 0), "seed \(seed)")
    } else {
      #expect(
        try estate.take(good)
          == .stored(
            through: ChainLink(seq: 40, hash: try #require(try estate.reader.hash(of: 40))), added: 40))
      #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 40), "seed \(seed)")
    }
    for alarm in listener.alarms {
      #expect(alarm.line.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
    }
  }

  @Test(
    arguments: [
      #"{"v":1,"gateway":"gw-1","first":9223372036854775807,"last":9223372036854775807,"prev":"P","gap":{"first":1,"last":9223372036854775806},"records":[{}]}"#,
      #"{"v":1,"gateway":"gw-1","first":9007199254740993,"last":9007199254740993,"prev":"P","gap":{"first":1,"last":9007199254740992},"records":[{"v":1,"gateway":"gw-1","seq":9007199254740993,"redacted":true,"digest":"P"}]}"#,
      #"{"v":1,"gateway":"gw-1","first":5,"last":5,"prev":"P","gap":{"first":9,"last":4},"records":[{"v":1,"gateway":"gw-1","seq":5,"redacted":true,"digest":"P"}]}"#,
      #"{"v":1,"gateway":"gw-1","first":1,"last":1,"prev":"P","records":[{"v":1,"gateway":"gw-2","seq":1,"redacted":true,"digest":"P"}]}"#,
      #"{"v":1,"gateway":"gw-1","first":1,"last":1,"prev":"Z","records":[{"v":1,"gateway":"gw-1",\n"seq":1,"redacted":true,"digest":"P"}]}"#,
      #"{"v":1,"gateway":"gw-2","first":1,"last":1,"prev":"Z","records":[{"v":1,"gateway":"gw-2","seq":1,"redacted":true,"digest":"P"}]}"#,
    ])
  func batchesThatLieAreRefused(text: String) throws {
    let estate = try Estate()
    var collector = Listener().collector(estate.store)
    let payload = text.replacing("\\n", with: "\n").replacing(
      "\"P\"", with: "\"\(Hex.text(Digest.of([1])))\""
    )
    .replacing("\"Z\"", with: "\"\(Hex.text(Digest.zero))\"")
    for tick in [0, 5_000] as [UInt64] {
      #expect(
        try collector.take(
          topic: Estate.topics.name(.log), payload: Array(payload.utf8), retained: false, now: 1, tick: tick
        ).isEmpty)
    }
    #expect(try estate.store.gateways().allSatisfy { $0.through == .origin })
    try estate.write(3)
    try estate.take(try estate.batch(after: 0, limit: 3))
    #expect(try estate.store.verify(try estate.gateway()) == .intact(records: 3))
  }

  @Test func aFloodOfNonsenseIsToldOnceInAWhile() throws {
    let estate = try Estate()
    try estate.write(1)
    try estate.take(try estate.batch(after: 0, limit: 1))
    let listener = Listener()
    var collector = listener.collector(estate.store)
    for number in 0..<5_000 {
      _ = try collector.take(
        topic: Estate.topics.name(.log), payload: Array("{\(number)".utf8), retained: false, now: 1,
        tick: UInt64(number))
    }
    let open = try estate.store.alarms(open: true)
    #expect(open.map(\.kind) == [.badMessage])
    #expect(open.first?.count == 5)
    #expect(listener.story == ["bad-message"])
  }
}
