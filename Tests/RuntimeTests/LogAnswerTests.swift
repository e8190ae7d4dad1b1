import Journal
import Messages
import Platform
import Testing

/// What the running controller says about its log.
@Suite(.serialized) struct LogAnswerTests {
  private func opened(_ journal: String = "capacity: 10000") throws -> RunningGateway {
    let site = BenchSites.simulated.replacing("capacity: 10000, warn_at: 0.8", with: journal)
    let gateway = try RunningGateway(site: site)
    try gateway.startAndWait()
    for number in 1...5 {
      _ = try gateway.ingress().present("lane.camera", "plate:K\(number)", confidence: 0.9)
    }
    return gateway
  }

  @Test func pullGivesTheBytesThatGoToHeadquarters() throws {
    let gateway = try opened()
    let pulled = try #require(
      try gateway.control().call("log.pull", ["after": 0, "limit": 1_000])["records"]?.arrayValue)
    let reader = try JournalReader(path: "\(gateway.state)/gatehouse.db")
    let stretch = try #require(try reader.stretch(after: 0, limit: 1_000))
    #expect(pulled.count > 5)
    var hash = stretch.previous
    for (line, record) in zip(pulled, stretch.records) {
      let bytes = Array((line.stringValue ?? "").utf8)
      #expect(bytes == record.bytes)
      hash = Digest.chained(hash, Digest.of(bytes))
      #expect(hash == record.hash)
    }
  }

  @Test func verifySaysWhatThereIsAndFindsACutTail() throws {
    let gateway = try opened()
    let client = try gateway.control()
    let whole = try client.call("log.verify")
    let last = try #require(whole["last"]?.integerValue)
    #expect(whole["ok"] == true && whole["first"] == 1 && whole["records"]?.integerValue == last)
    #expect(whole["redacted"] == 0 && whole["lost"] == 0)
    do {
      let database = try Database(path: "\(gateway.state)/gatehouse.db", mode: .readWrite)
      try database.execute("DELETE FROM log WHERE seq >= \(last)")
    }
    let cut = try client.call("log.verify")
    #expect(cut["ok"] == false && (cut["first_broken"]?.integerValue ?? 0) >= last, "\(cut)")
    #expect(cut["why"]?.stringValue?.contains("missing") == true, "\(cut)")
  }

  @Test func statusTellsTheRoomAndTheWear() throws {
    let gateway = try opened("capacity: 1000, capacity_mb: 64, keep_days: 90, credential_days: 30")
    let told = waitUntil(limit: 5_000) {
      ((try? gateway.status())?["journal"]?["written"]?["records"]?.integerValue ?? 0) > 5
    }
    #expect(told != nil)
    let journal = try #require(try gateway.status()["journal"])
    #expect(journal["capacity_bytes"]?.integerValue == 64 << 20)
    #expect(journal["redacted_through"] == 0)
    let fullness = journal["fullness"]?.doubleValue ?? 0
    #expect(fullness > 0 && fullness < 0.5)
    #expect(journal["written"]?["bytes_per_day"]?.integerValue ?? -1 >= 0)
  }

  @Test func aLogThatIsNearlyFullIsTold() throws {
    let gateway = try opened("capacity: 1000, warn_at: 0.005")
    let told = try waitUntil(limit: 5_000) {
      try gateway.records().contains { $0["detail"]?["event"] == "log-nearly-full" }
    }
    #expect(told != nil)
    let faults = try gateway.status()["faults"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(faults.contains { $0.contains("waits for headquarters") }, "\(faults)")
  }
}
