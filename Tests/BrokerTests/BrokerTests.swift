import Broker
import Platform
import Testing

@Suite struct BrokerAddressTests {
  @Test(arguments: [
    ("mqtts://hq.example:8883", "hq.example", 8_883, true), ("mqtts://hq.example", "hq.example", 8_883, true),
    ("mqtt://127.0.0.1", "127.0.0.1", 1_883, false), ("mqtt://[::1]:2000", "::1", 2_000, false),
  ])
  func reads(text: String, host: String, port: Int32, encrypted: Bool) throws {
    let address = try #require(BrokerAddress(text))
    #expect(address.host == host)
    #expect(address.port == port)
    #expect(address.encrypted == encrypted)
  }

  @Test(arguments: [
    "", "hq.example", "tcp://x", "mqtts://", "mqtts://:1", "mqtts://x:0", "mqtts://x:65536", "mqtts://x:y",
    "mqtts://[::1",
    "mqtts://[::1]x", "mqtts://a b", "mqtts://user@x", "mqtts://x/y",
  ])
  func refuses(text: String) {
    #expect(BrokerAddress(text) == nil)
  }

  @Test(arguments: [
    ("mqtt://127.0.0.1", true), ("mqtt://127.255.0.9", true), ("mqtt://localhost", true),
    ("mqtt://[::1]", true),
    ("mqtt://127.0.0.1.example", false), ("mqtt://10.0.0.1", false), ("mqtt://localhost.example", false),
    ("mqtt://127.1", false),
  ])
  func loopback(text: String, is loopback: Bool) {
    #expect(BrokerAddress(text)?.isLoopback == loopback)
  }

  @Test(arguments: [
    ("mqtts://hq.example", false, true), ("mqtt://127.0.0.1", true, true), ("mqtt://127.0.0.1", false, false),
    ("mqtt://hq.example", true, false), ("nonsense", true, false),
  ])
  func plainTextIsForThisMachineOnly(broker: String, insecure: Bool, allowed: Bool) {
    let made = try? BrokerSettings(broker: broker, client: "c", insecure: insecure)
    #expect((made != nil) == allowed)
  }
}

@Suite struct BrokerNodesTests {
  @Test func everyNodeGetsItsTurnAndEveryClientItsOwnFirst() throws {
    let nodes = "mqtts://a,mqtts://b:2, mqtts://c"
    var firsts: Set<String> = []
    for number in 0..<30 {
      var settings = try BrokerSettings(broker: nodes, client: "gw-\(number)")
      firsts.insert(settings.address.host)
      var seen: Set<String> = []
      for _ in 0..<3 {
        seen.insert(settings.address.host)
        settings.turn()
      }
      #expect(seen == ["a", "b", "c"])
    }
    #expect(firsts == ["a", "b", "c"])
  }

  @Test(arguments: ["mqtts://a,", ",", "mqtts://a,mqtt://b", "mqtts://a;mqtts://b"])
  func oneThatIsNoneSpoilsAll(broker: String) {
    #expect(throws: BrokerError.self) { try BrokerSettings(broker: broker, client: "c", insecure: true) }
  }
}

@Suite struct BackoffTests {
  @Test func growsToItsLongestAndStartsAnew() {
    var backoff = Backoff(first: 100, longest: 1_000)
    var generator = SystemRandomNumberGenerator()
    for ceiling in [100, 200, 400, 800, 1_000, 1_000] as [UInt64] {
      let wait = backoff.next(using: &generator)
      #expect((ceiling / 2...ceiling).contains(wait))
    }
    backoff.reset()
    #expect((50...100).contains(backoff.next(using: &generator)))
  }
}

@Suite struct BrokerSessionTests {
  @Test func whereNobodyListensIsSaid() throws {
    // Port 1 of the loopback: nothing listens there.
    let settings = try BrokerSettings(broker: "mqtt://127.0.0.1:1", client: "c", insecure: true)
    let error = #expect(throws: BrokerError.self) {
      let session = try BrokerSession(settings)
      for _ in 0..<100 { _ = try session.step(milliseconds: 20) }
    }
    #expect(error?.text.contains("refused") == true)
  }

  @Test func certificatesThatAreNotThereAreSaid() throws {
    let settings = try BrokerSettings(
      broker: "mqtts://127.0.0.1:1", client: "c", authorityFile: "/nowhere/ca.pem")
    let error = #expect(throws: BrokerError.self) { try BrokerSession(settings) }
    #expect(error?.advice != nil)
  }
}
