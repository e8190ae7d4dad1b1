import Journal
import Messages
import Platform
import TestSupport
import Testing

@testable import HQ

@Suite struct ListTests {
  static let head = "credential,holder,groups\n"

  @Test(
    arguments: [
      ("a,1\nb,2\n", "a,1\nb,2\nc,3\n", "c,3\n"), ("a,1\nb,2\n", "b,2\na,9\n", "a,9\n"),
      ("a,1\n", "a,1\n", nil), ("a,1\nb,2\n", "a,1\n", nil), ("a,1\n", "a,1\na,2\n", nil),
      ("a,1\r\n", "a,1\nb,\"x,y\"\n", "b,\"x,y\"\n"), ("a,1\n", "a,1\nb,\"x\ny\"\n", nil),
      ("a,1\n", "a,1\n\n\nb,2", "b,2\n"), ("", "a,1\n", "a,1\n"), ("a,1\n", "\"a\",2\n", nil),
    ] as [(String, String, String?)])
  func changesAreWhatIsNewOrDifferent(old: String, new: String, changes: String?) {
    let found = ListChanges(from: Array((Self.head + old).utf8), to: Array((Self.head + new).utf8))
    #expect(found.map { String(decoding: $0.csv, as: UTF8.self) } == changes.map { Self.head + $0 })
  }

  /// Each gateway is numbered by itself: what one claims moves no other, and traps nobody.
  @Test func aClaimedVersionIsItsOwnGatewaysAlone() throws {
    let place = try TemporaryDirectory(prefix: "lists")
    let broker = try BrokerProcess(in: place.path)
    let store = try HQStore(path: "\(place.path)/hq.db")
    let claims: [(name: String, claim: Int64, next: Int64?)] = [
      ("gw-1", 3, 4), ("gw-2", .max, nil), ("gw-3", MessageLimits.listVersion - 1, MessageLimits.listVersion),
      ("gw-4", MessageLimits.listVersion, nil), ("gw-5", .max - 1, nil), ("gw-6", 0, 1),
    ]
    for (name, claim, _) in claims {
      let birth = UplinkBirth(boot: 1, first: 0, last: 0, acknowledged: 0, list: claim, challenge: "c")
      _ = try store.take(birth, site: "riverside", name: name, at: 1)
    }
    try Files.write(SigningKey.generate().pem(), to: "\(place.path)/hq.key")
    try Files.write(Array((Self.head + "plate:A,1,\n").utf8), to: "\(place.path)/b.csv")
    func publish(_ more: [String] = []) -> Int32 {
      HQProgram.run(
        [
          "list", "publish", "\(place.path)/b.csv", "--all", "--within", "1", "--store",
          "\(place.path)/hq.db",
          "--key", "\(place.path)/hq.key", "--broker", "mqtt://127.0.0.1:\(broker.port)", "--insecure",
        ] + more)
    }
    #expect(publish() == 1, "some can have no higher version")
    for (name, _, next) in claims {
      let gateway = try #require(try store.gateway(site: "riverside", name: name))
      #expect(try store.publications(of: gateway).map(\.version) == (next.map { [$0] } ?? []), "\(name)")
    }
    for wrong in ["0", "\(MessageLimits.listVersion + 1)", "\(Int64.max)"] {
      #expect(publish(["--version", wrong]) == 2)
    }
    #expect(publish(["--gateway", "gw-1"]) == 3)
    #expect(
      HQProgram.run([
        "open", "gw-1", "lane1", "--within", "1", "--store", "\(place.path)/hq.db", "--key",
        "\(place.path)/hq.key", "--broker", "mqtt://127.0.0.1:\(broker.port)", "--insecure",
      ]) == 3, "nobody answers")
    let gateway = try #require(try store.gateway(site: "riverside", name: "gw-1"))
    #expect(try store.publications(of: gateway).map(\.version).max() == 5, "after the one on its way")
  }

  @Test func anotherHeaderIsAnotherList() {
    #expect(
      ListChanges(from: Array("credential,a\nx,1\n".utf8), to: Array("credential,b\nx,2\n".utf8)) == nil)
    #expect(ListChanges(from: [0xFF], to: Array("credential\nx\n".utf8)) == nil)
    #expect(ListChanges(from: [], to: []) == nil)
  }
}
