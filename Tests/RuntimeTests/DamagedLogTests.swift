import Glibc
import Journal
import Messages
import Platform
import Testing

/// Pages in the middle of the log that the writer never looks at again go bad: whoever reads them sets the file aside.
@Suite(.serialized) struct DamagedLogTests {
  private static let records = 4_000

  /// A log of an earlier start, so large that its middle lies far from what a start reads.
  private func gatewayWithALog() throws -> RunningGateway {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try Files.makeDirectory(gateway.state)
    let journal = try Journal.open(directory: gateway.state, gateway: "gw-test", capacity: 10_000)
    for first in stride(from: 0, to: Self.records, by: 100) {
      _ = try journal.append(
        (first..<first + 100).map { number in
          LogRecord(
            at: Timestamp(milliseconds: 1_795_334_400_000 + Int64(number)), clock: .synced,
            monotonic: UInt64(number), type: .access, point: "lobby", credential: "card:H10301/1/\(number)",
            decision: .deny, reason: "denied-unknown-credential")
        })
    }
    return gateway
  }

  private func spoilTheMiddle(of path: String) throws {
    let size = try #require(Files.size(path))
    let file = unsafe open(path, O_WRONLY)
    try #require(file >= 0 && size > 200_000)
    defer { close(file) }
    let noise = [UInt8](repeating: 0xA5, count: 20 * 4_096)
    let place = Int(size) / 2 / 4_096 * 4_096
    let written = unsafe pwrite(file, noise, noise.count, place)
    try #require(written == noise.count)
  }

  @Test func whoMeetsDamageHasTheLogGoOnInANewFile() throws {
    let gateway = try gatewayWithALog()
    try gateway.startAndWait()
    var before: Int64 = 0
    let isWritten = waitUntil(limit: 5_000) {
      before = (try? gateway.status())?["journal"]?["last"]?.integerValue ?? 0
      return before > Int64(Self.records)
    }
    try #require(isWritten != nil)
    try spoilTheMiddle(of: "\(gateway.state)/gatehouse.db")
    #expect(try gateway.ingress().present("lobby.card", "card:H10301/9/9")["decision"] == "deny")
    #expect(try gateway.status()["journal"]?["state"] == "ok", "the writer has not met it")
    #expect(throws: LineClient.Refused.self) { try gateway.control().call("log.verify") }
    let isAside = waitUntil(limit: 8_000) { Files.exists("\(gateway.state)/gatehouse.db.damaged-1") }
    try #require(isAside != nil, "\(gateway.log)")
    let healed = waitUntil(limit: 8_000) {
      (try? gateway.status())?["journal"]?["state"] == "ok"
        && (try? gateway.control().call("log.verify"))?["ok"] == true
    }
    try #require(healed != nil, "\(gateway.log)")
    let seq = try gateway.ingress().present("lobby.card", "card:H10301/9/8")["seq"]?.integerValue ?? 0
    #expect(seq > before + 1, "no seq is given twice")
    let told = try gateway.control().call("log.pull", ["after": .integer(before), "limit": 1_000])
    let types = try (told["records"]?.arrayValue ?? []).map {
      try JSONValue.parse(Array($0.stringValue!.utf8), maximumBytes: 1 << 20)["type"]?.stringValue
    }
    #expect(types.contains("gap") && types.contains("access"), "\(types)")
    #expect(try gateway.status()["boot"] == 2, "it is the same start")
    #expect(try gateway.stop() == .exited(0))
  }
}
