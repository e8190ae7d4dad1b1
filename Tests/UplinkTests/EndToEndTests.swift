import Broker
import HQ
import Journal
import Messages
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Uplink

/// A gateway, a broker and HQ: real sockets, real stores.
private final class Line {
  let place: TemporaryDirectory
  let broker: BrokerProcess
  let controller: FakeController
  let key = SigningKey.generate()
  private let faulty: FaultyLine?
  let stopped = Stop()
  private var threads: [PlatformThread] = []

  final class Stop: Sendable {
    let flag = Atomic<Bool>(false)
    /// What the uplink said.
    let notes = Mutex<[String]>([])
    var isSet: Bool { flag.load(ordering: .relaxed) }
  }

  /// - Parameter bad: what is wrong with the line between the gateway and the broker; nil: nothing.
  init(tls: TestCertificates? = nil, place: TemporaryDirectory, bad: [String]? = nil, batch: Int = 100) throws
  {
    self.place = place
    broker = try BrokerProcess(in: place.path, extra: tls?.configuration ?? "")
    controller = try FakeController(directory: place.path)
    let url = "\(tls == nil ? "mqtt" : "mqtts")://127.0.0.1:\(broker.port)"
    faulty = if let bad { try FaultyLine(to: broker.port, bad) } else { nil }
    let way = faulty.map { "mqtt://127.0.0.1:\($0.port)" } ?? url
    func reach(_ client: String, _ url: String) throws -> BrokerSettings {
      try BrokerSettings(
        broker: url, client: client, authorityFile: tls?.authority, certificateFile: tls?.certificate,
        keyFile: tls?.key, insecure: tls == nil)
    }
    let settings = UplinkSettings(
      site: "riverside", gateway: "gw-1", broker: try reach("gw-1", way),
      database: "\(place.path)/gatehouse.db",
      control: ControlClient(path: controller.path), publicKey: key.publicKey, batch: batch,
      window: 4)
    let hq = try reach("hq", url)
    threads.append(
      try PlatformThread.start(name: "uplink") { [stopped] in
        var service = UplinkService(
          settings, note: { text in stopped.notes.withLock { $0.append(text) } },
          isStopped: { stopped.isSet })
        service.run()
      })
    threads.append(
      try PlatformThread.start(name: "hq") { [stopped, path = place.path] in
        do {
          var service = HQService(
            broker: hq, store: try HQStore(path: "\(path)/hq.db"), note: { _ in },
            isStopped: { stopped.isSet })
          service.run()
        } catch {
          Issue.record("\(error)")
        }
      })
  }

  func stop() {
    stopped.flag.store(true, ordering: .relaxed)
    for thread in threads { thread.join() }
    controller.stop()
  }

  /// How far HQ has come; 0 while its store is not made yet.
  func through() -> Int64 {
    guard let store = try? HQStore(path: "\(place.path)/hq.db", mode: .readOnly),
      let gateway = try? store.gateways().first
    else { return 0 }
    return gateway.through.seq
  }

  func expectWhole(_ count: Int64) throws {
    let store = try HQStore(path: "\(place.path)/hq.db", mode: .readOnly)
    let gateway = try #require(try store.gateway(site: "riverside", name: "gw-1"))
    #expect(try store.verify(gateway) == .intact(records: count))
    let reader = try JournalReader(path: "\(place.path)/gatehouse.db")
    #expect(
      try store.records(of: gateway, after: 0, limit: 100_000) == reader.records(after: 0, limit: 100_000))
    eventually("the journal knows of it") { controller.state.withLock { $0.acked } == count }
  }
}

/// Exit codes of several threads.
private final class Codes: Sendable {
  let all = Mutex<[Int32]>([])
}

/// A certificate authority and one certificate for 127.0.0.1, made with openssl.
struct TestCertificates {
  let authority: String
  let certificate: String
  let key: String

  init(in directory: String) throws {
    authority = "\(directory)/ca.pem"
    certificate = "\(directory)/host.pem"
    key = "\(directory)/host.key"
    try Self.openssl([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
      "/CN=ca",
      "-keyout", "\(directory)/ca.key", "-out", authority,
    ])
    try Self.openssl([
      "req", "-x509", "-CA", authority, "-CAkey", "\(directory)/ca.key", "-newkey", "ec", "-pkeyopt",
      "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1", "-addext",
      "subjectAltName=IP:127.0.0.1", "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out",
      certificate,
    ])
  }

  private static func openssl(_ arguments: [String]) throws {
    let process = try ChildProcess("openssl", arguments, output: .discard, error: .discard)
    #expect(try process.wait() == .exited(0))
  }

  var configuration: String {
    "cafile \(authority)\ncertfile \(certificate)\nkeyfile \(key)\nrequire_certificate true\n"
  }
}

@Suite struct EndToEndTests {
  @Test func everyRecordArrivesOnceThroughABrokerThatDies() throws {
    let line = try Line(place: try TemporaryDirectory(prefix: "line"))
    defer { line.stop() }
    line.controller.write((0..<2_000).map(draft))
    eventually("the first records are at HQ") { line.through() >= 300 }
    try line.broker.kill()
    line.controller.write((2_000..<2_500).map(draft))
    MonotonicClock.sleep(milliseconds: 200)
    try line.broker.start()
    eventually("all are at HQ") { line.through() == 2_500 }
    try line.expectWhole(2_500)
    line.controller.write((2_500..<2_510).map(draft))
    eventually("new ones follow") { line.through() == 2_510 }
    try line.expectWhole(2_510)
  }

  @Test func encryptedWithCertificatesOnBothSides() throws {
    let place = try TemporaryDirectory(prefix: "line")
    let line = try Line(tls: try TestCertificates(in: place.path), place: place)
    defer { line.stop() }
    line.controller.write((0..<200).map(draft))
    eventually("all are at HQ") { line.through() == 200 }
    try line.expectWhole(200)
  }

  @Test func aPersonAtHQOpensAPointAndPublishesAList() throws {
    let place = try TemporaryDirectory(prefix: "line")
    let line = try Line(place: place)
    defer { line.stop() }
    line.controller.write((0..<3).map(draft))
    eventually("HQ knows the gateway") { line.through() == 3 }
    try eventually("HQ knows its challenge") {
      try HQStore(path: "\(place.path)/hq.db", mode: .readOnly).gateways().first?.challenge.isEmpty == false
    }
    try Files.write(line.key.pem(), to: "\(place.path)/hq.key")
    try Files.write(Array("credential,holder\nplate:京A12345,x\n".utf8), to: "\(place.path)/list.csv")
    let common = [
      "--broker", "mqtt://127.0.0.1:\(line.broker.port)", "--insecure", "--store", "\(place.path)/hq.db",
      "--key",
      "\(place.path)/hq.key",
    ]
    #expect(HQProgram.run(["open", "gw-1", "lane1"] + common) == 0)
    #expect(line.controller.calls("open") == [["point": "lane1"]])
    // One after the other, and at once: each asks for a challenge of its own.
    #expect(HQProgram.run(["open", "gw-1", "lane1"] + common) == 0)
    let codes = Codes()
    let openers = try (0..<4).map { number in
      try PlatformThread.start(name: "open") {
        let code = HQProgram.run(["open", "gw-1", "lane\(number)"] + common)
        codes.all.withLock { $0.append(code) }
      }
    }
    for opener in openers { opener.join() }
    #expect(codes.all.withLock { $0 } == [0, 0, 0, 0])
    #expect(line.controller.calls("open").count == 6)
    #expect(HQProgram.run(common + ["list", "publish", "\(place.path)/list.csv", "--gateway", "gw-1"]) == 0)
    #expect(line.controller.calls("list.commit").count == 1)
    try eventually("HQ knows of version 4") {
      try HQStore(path: "\(place.path)/hq.db", mode: .readOnly).gateways().first?.list == 4
    }
    #expect(
      HQProgram.run(common + ["list", "publish", "\(place.path)/list.csv", "--gateway", "gw-1", "--merge"])
        == 0)
    #expect(line.controller.calls("list.begin").last == ["merge": true, "skip_bad": false, "version": 5])
    #expect(
      HQProgram.run(
        common + ["list", "publish", "\(place.path)/list.csv", "--gateway", "gw-1", "--version", "1"]) == 1)
    #expect(HQProgram.run(["verify", "gw-1", "--store", "\(place.path)/hq.db"]) == 0)
    #expect(HQProgram.run(["verify", "gw-9", "--store", "\(place.path)/hq.db"]) == 1)
  }

  /// What HQ heard last is not what is in force now.
  @Test func aListThatWasImportedAtTheGatewayIsNoticed() throws {
    let place = try TemporaryDirectory(prefix: "line")
    let line = try Line(place: place)
    defer { line.stop() }
    line.controller.write((0..<3).map(draft))
    eventually("HQ knows the gateway") { line.through() == 3 }
    let store = try HQStore(path: "\(place.path)/hq.db", mode: .readOnly)
    try eventually("and its list") { try store.gateways().first?.list == 3 }
    try Files.write(line.key.pem(), to: "\(place.path)/hq.key")
    try Files.write(Array("credential,holder\nplate:A,x\n".utf8), to: "\(place.path)/list.csv")
    func publish() -> Int32 {
      HQProgram.run([
        "list", "publish", "\(place.path)/list.csv", "--all", "--broker",
        "mqtt://127.0.0.1:\(line.broker.port)",
        "--insecure", "--store", "\(place.path)/hq.db", "--key", "\(place.path)/hq.key",
      ])
    }
    func versions() -> [Int64?] { line.controller.calls("list.begin").map { $0["version"]?.integerValue } }
    #expect(publish() == 0)
    #expect(versions() == [4])
    try eventually("HQ knows of version 4") { try store.gateways().first?.list == 4 }
    // It is in force: nothing is sent.
    #expect(publish() == 0)
    #expect(versions() == [4])
    line.controller.state.withLock { $0.version = 9 }
    #expect(publish() == 0)
    #expect(versions() == [4, 10], "it is sent anew, with a version above what was imported")
    line.controller.state.withLock { $0.version = 12 }
    try eventually("HQ is told of what was imported") { try store.gateways().first?.list == 12 }
  }

  /// While a list is on its way another is imported at the gateway, and takes the same number.
  @Test func theSameNumberIsNotTheSameList() throws {
    let place = try TemporaryDirectory(prefix: "line")
    let line = try Line(place: place)
    defer { line.stop() }
    line.controller.write((0..<3).map(draft))
    eventually("HQ knows the gateway") { line.through() == 3 }
    let topics = UplinkTopics(site: "riverside", gateway: "gw-1")
    let csv = Array("credential,holder\nplate:A,x\n".utf8)
    let whole = Array(
      (String(decoding: csv, as: UTF8.self) + String(repeating: "plate:B,y\n", count: 40_000)).utf8)
    let list = try ListPublication(csv: whole, id: "l-4").signed(
      for: topics, version: 4, base: nil, key: line.key)
    #expect(list.count > 1)
    // The last part never comes.
    let request = EstateRequest(
      broker: try BrokerSettings(
        broker: "mqtt://127.0.0.1:\(line.broker.port)", client: "part", insecure: true),
      topic: .list, milliseconds: 8_000)
    let birth = try #require(try request.greet([topics], milliseconds: 8_000)[topics])
    #expect(birth.list == 3)
    line.controller.state.withLock { $0.version = 4 }
    var answers: [EstateRequest.Answer] = []
    try request.send([
      .init(
        topics: topics, id: "l-4", parts: list.count - 1, bytes: 1, version: 4, connection: birth.connection,
        payload: { list.payloads[$0 - 1] })
    ]) { answers.append($1) }
    #expect(answers == [.silent], "it has a version 4, and not this one")
    // What HQ sent is known by its id.
    let next = try ListPublication(csv: csv, id: "l-5").signed(
      for: topics, version: 5, base: nil, key: line.key)
    try request.send([.init(topics: topics, id: "l-5", payload: next.payloads[0])]) { answers.append($1) }
    #expect(answers.last == .done)
    let after = try #require(try request.greet([topics], milliseconds: 8_000)[topics])
    #expect((after.list, after.listID) == (5, "l-5"))
    #expect(after.connection == birth.connection && after.challenge != birth.challenge)
  }

  @Test(arguments: [1, 2])
  func aLineThatLosesDoublesAndReordersBringsEverythingOnceAndInOrder(seed: Int) throws {
    let line = try Line(
      place: try TemporaryDirectory(prefix: "line"),
      bad: [
        "--seed", "\(seed)", "--drop", "0.05", "--double", "0.1", "--reorder", "0.1", "--delay-ms", "10",
        "--cut-ms", "1500",
      ], batch: 20)
    defer { line.stop() }
    line.controller.write((0..<1_500).map(draft))
    eventually(seconds: 120, "all are at HQ, seed \(seed)") { line.through() == 1_500 }
    try line.expectWhole(1_500)
  }

  @Test func aRefusedSubscriptionIsToldAndTriedAgain() throws {
    let line = try Line(place: try TemporaryDirectory(prefix: "line"), bad: ["--refuse", "2"])
    defer { line.stop() }
    line.controller.write((0..<50).map(draft))
    eventually("the journal knows that HQ has it") { line.controller.state.withLock { $0.acked } == 50 }
    let refused = line.stopped.notes.withLock { notes in
      notes.filter { $0.contains("refused the subscription to gatehouse/1/riverside/gw-1/down/+") }
    }
    #expect(refused.count == 2)
    try line.expectWhole(50)
  }

  /// The list takes several times as long as the line ever holds.
  @Test func aListArrivesOverALineThatDropsAllTheTime() throws {
    let place = try TemporaryDirectory(prefix: "line")
    let line = try Line(place: place, bad: ["--cut-ms", "1500", "--bytes-per-s", "1000000"])
    defer { line.stop() }
    line.controller.write((0..<3).map(draft))
    eventually("HQ knows the gateway") { line.through() == 3 }
    let rows = (0..<120_000).map { "plate:B-GH \($0),holder \($0)" }
    let csv = "credential,holder\n" + rows.joined(separator: "\n") + "\n"
    try Files.write(line.key.pem(), to: "\(place.path)/hq.key")
    try Files.write(Array(csv.utf8), to: "\(place.path)/list.csv")
    #expect(
      HQProgram.run([
        "list", "publish", "\(place.path)/list.csv", "--gateway", "gw-1", "--broker",
        "mqtt://127.0.0.1:\(line.broker.port)", "--insecure", "--store", "\(place.path)/hq.db", "--key",
        "\(place.path)/hq.key",
      ]) == 0)
    let arrived = line.controller.calls("list.rows").compactMap { $0["text"]?.stringValue }.joined()
    #expect(arrived == csv)
    #expect(line.controller.calls("list.commit").count == 1)
  }
}
