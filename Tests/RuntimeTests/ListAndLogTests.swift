import Journal
import Messages
import Platform
import Testing

@Suite(.serialized) struct ListAndLogTests {
  private func opened() throws -> RunningGateway {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    try gateway.startAndWait()
    return gateway
  }

  @Test func aListComesInPiecesAndIsInForceWhole() throws {
    let gateway = try opened()
    let client = try gateway.control()
    let number = try client.call("list.begin")["import"]!
    for piece in BenchSites.list.utf8.chunks(of: 7) {
      // A piece may end within a character: the text is sent by whole ones here, as JSON must.
      _ = try client.call("list.rows", ["import": number, "text": .string(piece)])
    }
    let done = try client.call("list.commit", ["import": number])
    #expect(done["version"] == 1 && done["count"] == 3 && done["skipped"]?.arrayValue?.isEmpty == true)
    #expect(try client.call("list.lookup", ["credential": "plate:京a-12345"])["holder"] == "unit 3-1201")
    #expect(try client.call("list.lookup", ["credential": "plate:nobody"]).isNull)
    let first = try client.call("list.export", ["limit": 2])
    #expect(first["rows"]?.arrayValue?.count == 2 && first["next"] == 2)
    let rest = try client.call("list.export", ["after_row": 2])
    #expect(rest["rows"]?.arrayValue?.count == 1 && rest["next"] == nil)
  }

  @Test func aFaultyListLeavesTheOneBefore() throws {
    let gateway = try opened()
    try gateway.importList(BenchSites.list)
    let client = try gateway.control()
    let bad = "credential,groups\nplate:A1,residents\nplate:A2,strangers\nnothing,residents\n"
    let first = try client.call("list.begin")["import"]!
    _ = try client.call("list.rows", ["import": first, "text": .string(bad)])
    do {
      _ = try client.call("list.commit", ["import": first])
      Issue.record("a list with faults was taken")
    } catch let refused as LineClient.Refused {
      #expect(refused.whole["faults"]?.arrayValue?.compactMap { $0["line"]?.integerValue } == [3, 4])
    }
    #expect(try client.call("status")["list"]?["version"] == 1)
    // The same, its bad rows left out, on top of what there is.
    let second = try client.call("list.begin", ["merge": true, "skip_bad": true])["import"]!
    _ = try client.call("list.rows", ["import": second, "text": .string(bad)])
    let done = try client.call("list.commit", ["import": second])
    #expect(done["version"] == 2 && done["count"] == 4 && done["skipped"]?.arrayValue?.count == 2)
    // A version that is not higher is refused.
    let third = try client.call("list.begin", ["version": 2])["import"]!
    _ = try client.call("list.rows", ["import": third, "text": .string(BenchSites.list)])
    #expect(throws: LineClient.Refused.self) { try client.call("list.commit", ["import": third]) }
  }

  @Test func aVersionHasABoundAndTheLastOneIsToldInWords() throws {
    let gateway = try opened()
    let client = try gateway.control()
    for wrong in [MessageLimits.listVersion + 1, .max] {
      #expect(throws: LineClient.Refused.self) {
        try client.call("list.begin", ["version": .integer(wrong)])
      }
    }
    let last = try client.call("list.begin", ["version": .integer(MessageLimits.listVersion)])["import"]!
    _ = try client.call("list.rows", ["import": last, "text": .string(BenchSites.list)])
    #expect(
      try client.call("list.commit", ["import": last])["version"]?.integerValue == MessageLimits.listVersion)
    let more = try client.call("list.begin")["import"]!
    _ = try client.call("list.rows", ["import": more, "text": .string(BenchSites.list)])
    do {
      _ = try client.call("list.commit", ["import": more])
      Issue.record("a version was taken that none may have")
    } catch let refused as LineClient.Refused {
      #expect("\(refused.whole)".contains("none can be higher"))
    }
    #expect(try client.call("list.lookup", ["credential": "plate:京a-12345"])["holder"] == "unit 3-1201")
  }

  @Test func listPassageAndLogOutliveTheController() throws {
    let gateway = try opened()
    try gateway.importList(BenchSites.list)
    let last = try gateway.records().last?["seq"]?.integerValue ?? 0
    gateway.signalController(9)
    let back = waitUntil(limit: 8_000) {
      let status = try? gateway.status()
      return status?["boot"] == 2 && status?["list"]?["count"] == 3
    }
    try #require(back != nil)
    let seqs = try gateway.records().compactMap { $0["seq"]?.integerValue }
    #expect(seqs == Array(1...Int64(seqs.count)) && seqs.count > Int(last))
    #expect(try gateway.control().call("log.verify")["ok"] == true)
  }

  /// The flat image beside the list: a start takes it, and takes nothing from one that was touched.
  @Test func aDamagedListImageIsToldAndMadeAnew() throws {
    let gateway = try opened()
    try gateway.importList(BenchSites.list)
    let path = "\(gateway.state)/list.image"
    try #require(waitUntil(limit: 5_000) { Files.exists(path) } != nil)
    let whole = try Files.read(path)
    var boot: Int64 = 1
    /// Whether the image is whole and the log has told of so many damaged ones; the record may come after the list.
    func isWhole(afterRestartWithDamages count: Int) throws -> Bool {
      gateway.signalController(9)
      boot += 1
      let back = waitUntil(limit: 8_000) {
        let status = try? gateway.status()
        return status?["boot"]?.integerValue == boot && status?["list"]?["count"] == 3
      }
      try #require(back != nil)
      let told = try waitUntil(limit: 5_000) {
        try gateway.records().count { $0["detail"]?["event"] == "list-image-damaged" } == count
      }
      return told != nil && waitUntil(limit: 5_000) { (try? Files.read(path)) == whole } != nil
    }
    #expect(try isWhole(afterRestartWithDamages: 0))
    var touched = whole
    touched[touched.count / 2] ^= 0x10
    try Files.write(touched, to: path)
    #expect(try isWhole(afterRestartWithDamages: 1))
    try Files.write(Array(whole.dropLast(9)), to: path)
    #expect(try isWhole(afterRestartWithDamages: 2))
    Files.remove(path)
    #expect(try isWhole(afterRestartWithDamages: 2))
    #expect(
      try gateway.ingress().present("lobby.card", "card:H10301/123/45678")["decision"]?.stringValue == "grant"
    )
  }

  @Test func watchShowsWhatBecomesDurable() throws {
    let gateway = try opened()
    try gateway.importList(BenchSites.list)
    let watcher = try gateway.control()
    try watcher.send("{\"id\":7,\"verb\":\"watch\",\"args\":{}}")
    MonotonicClock.sleep(milliseconds: 100)
    let seq = try gateway.ingress().present("lobby.card", "card:H10301/123/45678")["seq"]
    var seen = false
    for _ in 0..<20 where !seen {
      let line = try watcher.receive()
      #expect(line?["id"] == 7)
      seen = line?["event"]?["record"]?["seq"] == seq
    }
    #expect(seen)
  }

  @Test func whyTellsEveryRule() throws {
    let gateway = try opened()
    try gateway.importList(BenchSites.list)
    let client = try gateway.control()
    let why = try client.call("why", ["reader": "lobby.card", "credential": "card:H10301/123/45678"])
    #expect(why["decision"] == "grant" && why["point"] == "lobby")
    #expect((why["rules"]?.arrayValue?.count ?? 0) > 5)
    #expect(why["rules"]?.arrayValue?.allSatisfy { $0["why"]?.stringValue?.isEmpty == false } == true)
    let unknown = try client.call("why", ["reader": "lobby.card", "credential": "card:H10301/1/1"])
    #expect(unknown["decision"] == "deny" && unknown["reason"] == "denied-unknown-credential")
    #expect(throws: LineClient.Refused.self) {
      try client.call("why", ["reader": "nobody", "credential": "plate:1"])
    }
    // Asking changes nothing: the next real reading is the first.
    #expect(try gateway.records().filter { $0["type"] == "access" }.isEmpty)
  }

  @Test func theUplinkBringsHQsAcknowledgement() throws {
    let gateway = try opened()
    let client = try gateway.control()
    #expect(throws: LineClient.Refused.self) {
      try client.call("uplink.ack", ["through": 1, "hash": .string(String(repeating: "0", count: 64))])
    }
    #expect(throws: LineClient.Refused.self) { try client.call("uplink.ack", ["through": 1, "hash": "xyz"]) }
    #expect(try client.call("status")["journal"]?["acked"] == 0)
    let record = try #require(
      try JournalReader(path: "\(gateway.state)/gatehouse.db").records(after: 0, limit: 1).first)
    let done = try client.call("uplink.ack", ["through": 1, "hash": .string(Hex.text(record.hash))])
    #expect(done["acked"] == 1)
    #expect(try client.call("status")["journal"]?["acked"] == 1)
    _ = try client.call("uplink.refused", ["topic": "down/command", "why": "expired"])
    #expect(
      try waitUntil(limit: 2_000) {
        try gateway.records().contains { $0["detail"]?["event"] == "uplink-refused" }
      } != nil)
  }

}

extension Collection<UInt8> {
  /// The text in pieces of about `size` bytes, never within a character.
  func chunks(of size: Int) -> [String] {
    var pieces: [String] = []
    var piece = ""
    for character in String(decoding: self, as: UTF8.self) {
      piece.append(character)
      if piece.utf8.count >= size {
        pieces.append(piece)
        piece = ""
      }
    }
    return piece.isEmpty ? pieces : pieces + [piece]
  }
}
