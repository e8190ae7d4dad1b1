import Broker
import HQ
import Journal
import Messages
import Platform
import TestSupport
import Testing

/// What `hardware/headquarters` makes, with a real broker: who is let in may say what is its own, and nothing else.
@Suite struct HeadquartersTests {
  private let place: TemporaryDirectory
  private var made: String { "\(place.path)/hq" }

  init() throws {
    place = try TemporaryDirectory(prefix: "hq")
  }

  private func run(_ script: String, _ arguments: [String]) throws -> Int32 {
    let root = #filePath.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
    let programs = try program("gatehouse-hq").split(separator: "/").dropLast().map { "/" + $0 }.joined()
    let process = try ChildProcess(
      "sh",
      ["-c", "PATH=$1:$PATH; shift; exec \"$@\"", "sh", programs, "\(root)/hardware/headquarters/\(script)"]
        + arguments,
      output: .append(path: "\(place.path)/said"), error: .append(path: "\(place.path)/said"))
    guard case .exited(let code)? = try process.wait() else { return -1 }
    return code
  }

  private func settings(_ name: String, _ port: UInt16, _ client: String) throws -> BrokerSettings {
    try BrokerSettings(
      broker: "mqtts://127.0.0.1:\(port)", client: client, authorityFile: "\(made)/ca.pem",
      certificateFile: "\(made)/\(name).pem", keyFile: "\(made)/\(name).key")
  }

  /// A session that has connected.
  private func session(_ settings: BrokerSettings) throws -> BrokerSession {
    let session = try BrokerSession(settings)
    var isConnected = false
    try eventually("\(settings.client) connects") {
      isConnected = try session.step(milliseconds: 20).contains(.connected) || isConnected
      return isConnected
    }
    return session
  }

  private func messages(_ session: BrokerSession) throws -> [BrokerSession.Message] {
    try session.step(milliseconds: 20).compactMap {
      if case .message(let message) = $0 { message } else { nil }
    }
  }

  @Test func eachGatewaySpeaksForItselfAlone() throws {
    #expect(try run("set-up", [made]) == 2)
    #expect(try run("set-up", [made, "127.0.0.1", "localhost"]) == 0)
    #expect(try run("set-up", [made, "127.0.0.1"]) == 1)
    for gateway in ["gw-1", "gw-2"] { #expect(try run("add-gateway", [made, "riverside", gateway]) == 0) }
    #expect(try run("add-gateway", [made, "riverside", "gw-1"]) == 1)
    #expect(try run("add-gateway", [made, "river/side", "gw-1"]) == 2)
    #expect(try run("add-gateway", [place.path, "riverside", "gw-1"]) == 2)
    let said = String(decoding: try Files.read("\(place.path)/said"), as: UTF8.self)
    #expect(said.contains("hq_public_key: \"ed25519:"))

    let port = try freePort()
    let configuration = String(decoding: try Files.read("\(made)/mosquitto.conf"), as: UTF8.self)
      .replacing("listener 8883", with: "listener \(port) 127.0.0.1\nuser root")
    try Files.write(Array(configuration.utf8), to: "\(made)/here.conf")
    let broker = try ChildProcess(
      "mosquitto", ["-c", "\(made)/here.conf"], output: .discard, error: .append(path: "\(place.path)/broker")
    )
    let store = "\(place.path)/hq.db"
    MonotonicClock.sleep(milliseconds: 300)
    let options = String(decoding: try Files.read("\(made)/options"), as: UTF8.self)
      .replacing("/var/lib/gatehouse-hq/hq.db", with: store).replacing(":8883", with: ":\(port)")
    try Files.write(Array(options.utf8), to: "\(made)/here")
    let serving = try ChildProcess(
      try program("gatehouse-hq"), ["@\(made)/here", "serve"], output: .discard, error: .discard)
    eventually("HQ is at work") {
      (try? HQStore(path: store, mode: .readOnly).collectors().contains(where: \.isConnected)) == true
    }
    let estate = try Estate()
    try estate.write(5)
    let batch = try estate.batch(after: 0, limit: 5).encoded()
    let other = try session(try settings("gateways/riverside.gw-2", port, "gw-2"))
    try other.subscribe(Estate.topics.downFilter)
    try other.publish(Estate.topics.name(.log), batch)
    for _ in 0..<20 { #expect(try messages(other).isEmpty) }
    #expect(try HQStore(path: store, mode: .readOnly).gateways().isEmpty)

    let own = try session(try settings("gateways/riverside.gw-1", port, "gw-1"))
    try own.subscribe(Estate.topics.downFilter)
    try own.publish(Estate.topics.name(.log), batch)
    var acknowledged: Int64 = 0
    try eventually("HQ acknowledges") {
      for case .message(let message) in try own.step(milliseconds: 20) where message.topic.hasSuffix("/ack") {
        acknowledged = try UplinkAcknowledgement.parse(message.payload).through
      }
      return acknowledged == 5
    }
    #expect(try messages(other).isEmpty)
    // HQ hears itself; nobody else may speak there.
    let hq = try session(try settings("hq-client", port, "hq"))
    let echo = UplinkTopics.echo(of: "hq")
    try hq.subscribe(UplinkTopics.upFilter)
    try other.publish(echo, Array("other".utf8))
    for _ in 0..<10 { #expect(try messages(other).isEmpty) }
    try hq.publish(echo, Array("own".utf8))
    var heard: [BrokerSession.Message] = []
    try eventually("HQ hears itself") {
      heard += try messages(hq).filter { $0.topic == echo }
      return !heard.isEmpty
    }
    #expect(heard.map(\.payload) == [Array("own".utf8)])
    #expect(HQProgram.run(["@\(made)/here", "verify", "gw-1"]) == 0)
    #expect(HQProgram.run(["@\(made)/here", "status", "--nonsense"]) == 2)
    #expect(HQProgram.run(["@\(made)/nowhere", "status"]) == 1)
    // Without a certificate nobody gets in.
    let stranger = try BrokerSettings(
      broker: "mqtts://127.0.0.1:\(port)", client: "x", authorityFile: "\(made)/ca.pem")
    #expect(throws: BrokerError.self) {
      let session = try BrokerSession(stranger)
      for _ in 0..<100 { #expect(try !session.step(milliseconds: 20).contains(.connected)) }
    }
    for process in [serving, broker] {
      process.signal(15)
      #expect(try process.wait(milliseconds: 20_000) != nil)
    }
  }
}
