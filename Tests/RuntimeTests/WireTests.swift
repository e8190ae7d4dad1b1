import GPIODriver
import Messages
import Platform
import Testing

/// What the running controller tells of wires: supervised lines, contacts that do not follow, coils that do not fall.
@Suite(.serialized) struct WireTests {
  private static let site = BenchSites.simulated
    .replacing(
      "\"fire\": { gpio: \"bench\", line: 5 },",
      with: """
        "fire": { made_of: { active: "fire.no", normal: "fire.nc" }, debounce_ms: 20 },
        "fire.no": { gpio: "bench", line: 5 }, "fire.nc": { gpio: "bench", line: 6 },
        "lobby.aux": { gpio: "bench", line: 7 },
        """
    )
    .replacing(
      "\"lobby.strike\": { gpio: \"bench\", line: 18, safe: false }",
      with:
        "\"lobby.strike\": { gpio: \"bench\", line: 18, safe: false, feedback: \"lobby.aux\", feedback_ms: 200 }"
    )
    .replacing("unlock_ms: 400", with: "unlock_ms: 3000")

  private func find(_ gateway: RunningGateway, _ verb: String, _ name: String) -> JSONValue? {
    (try? gateway.control().call(verb))?.arrayValue?.first { $0["name"]?.stringValue == name }
  }

  private func becomes(
    _ gateway: RunningGateway, _ verb: String, _ name: String, _ key: String, _ wanted: JSONValue
  ) -> Bool {
    waitUntil(limit: 3_000) { (find(gateway, verb, name)?[key] ?? .null) == wanted } != nil
  }

  private func details(_ gateway: RunningGateway, of key: String, _ name: String) throws -> [JSONValue] {
    try gateway.records().filter { $0["detail"]?[key]?.stringValue == name }
  }

  /// Waits until so many records tell of a device.
  private func tells(_ gateway: RunningGateway, _ device: String, _ count: Int) -> Bool {
    waitUntil(limit: 3_000) { (try? details(gateway, of: "device", device))?.count == count } != nil
  }

  @Test func aSupervisedPairTellsFourStates() throws {
    let gateway = try RunningGateway(site: Self.site)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    func set(_ active: Bool, _ normal: Bool) {
      chip.setInput(5, active)
      chip.setInput(6, normal)
    }
    /// What the newest record of the line says: the cause of its loss, or nil for its return.
    func tells(_ event: JSONValue, _ cause: JSONValue?) -> Bool {
      waitUntil(limit: 3_000) {
        let detail = (try? details(gateway, of: "input", "fire"))?.last { $0["type"] == "device" }?["detail"]
        return detail?["event"] == event && detail?["cause"] == cause
      } != nil
    }
    // Nothing is wired yet: neither contact.
    #expect(tells("input-lost", "wire-cut"))
    set(false, true)
    #expect(tells("input-returned", nil) && becomes(gateway, "inputs", "fire", "quality", "good"))
    set(false, false)
    #expect(tells("input-lost", "wire-cut") && becomes(gateway, "inputs", "fire", "quality", "cut"))
    set(true, true)
    #expect(tells("input-lost", "wire-short") && becomes(gateway, "inputs", "fire", "quality", "short"))
    set(false, true)
    #expect(tells("input-returned", nil) && becomes(gateway, "inputs", "fire", "quality", "good"))
    #expect(try gateway.status()["emergencies"]?[0]?["active"] == false, "no fire by a wire")
    set(true, false)
    let burns = waitUntil(limit: 2_000) {
      (try? gateway.status())?["emergencies"]?[0]?["active"] == true
    }
    #expect(burns != nil)
    let told = try details(gateway, of: "input", "fire").filter { $0["type"] == "device" }
    let causes = told.map { $0["detail"]?["cause"]?.stringValue }
    #expect(causes == ["wire-cut", nil, "wire-cut", "wire-short", nil])
    #expect(told.filter { $0["detail"]?["cause"] != nil }.allSatisfy { $0["reason"] == "tamper" })
  }

  @Test func aContactThatDoesNotFollowIsAFaultOfItsOutput() throws {
    let gateway = try RunningGateway(site: Self.site)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    // The door is shut.
    chip.setInput(3, true)
    #expect(becomes(gateway, "outputs", "lobby.strike", "quality", "good"))
    _ = try gateway.control().call("open", ["point": "lobby"])
    #expect(becomes(gateway, "outputs", "lobby.strike", "fault", "stuck-off"))
    #expect(tells(gateway, "output lobby.strike", 1))
    chip.setInput(7, true)
    #expect(becomes(gateway, "outputs", "lobby.strike", "fault", .null))
    #expect(tells(gateway, "output lobby.strike", 2))
    // The strike falls after its three seconds, and its contact is welded.
    #expect(waitUntil(limit: 5_000) { !chip.output(18) } != nil)
    #expect(becomes(gateway, "outputs", "lobby.strike", "fault", "stuck-on"))
    let faults = try gateway.status()["faults"]?.arrayValue?.compactMap(\.stringValue) ?? []
    #expect(tells(gateway, "output lobby.strike", 3))
    #expect(faults.contains { $0.hasPrefix("output lobby.strike: switched off, and lobby.aux tells") })
    chip.setInput(7, false)
    #expect(becomes(gateway, "outputs", "lobby.strike", "quality", "good"))
    #expect(tells(gateway, "output lobby.strike", 4))
    let states = try details(gateway, of: "device", "output lobby.strike").map {
      $0["detail"]?["state"]?.stringValue
    }
    #expect(states == ["stuck-off", "good", "stuck-on", "good"])
  }

  @Test func aCoilThatDoesNotFallIsAFaultOfItsOutput() throws {
    let bench = try ModbusBench()
    defer { bench.stop() }
    let gateway = try RunningGateway(site: BenchSites.modbus(port: bench.port))
    try gateway.startAndWait()
    #expect(becomes(gateway, "outputs", "lane.raise", "quality", "good"))
    bench.weld(coil: 0)
    let told = waitUntil(limit: 8_000) { find(gateway, "outputs", "lane.raise")?["fault"] == "stuck-on" }
    #expect(told != nil)
    #expect(find(gateway, "outputs", "lane.lower")?["fault"] == nil)
    var record: JSONValue?
    _ = waitUntil(limit: 2_000) {
      record = (try? details(gateway, of: "output", "lane.raise"))?.first
      return record != nil
    }
    #expect(record?["type"] == "device" && record?["detail"]?["state"] == "stuck-on")
    bench.weld(coil: nil)
    #expect(becomes(gateway, "outputs", "lane.raise", "quality", "good"))
  }

  /// An OSDP reader hands over bits: the controller calls the card as it would at a Wiegand reader.
  @Test func theBitsOfAReaderAreNamed() throws {
    let site = BenchSites.simulated
      .replacing(
        "gpio: { bench: { simulated: true } },",
        with: "gpio: { bench: { simulated: true } }, buses: { readers: { serial: \"/dev/null\" } },"
      )
      .replacing(
        "\"lobby.card\": {",
        with: """
          "lobby.osdp": { point: "lobby", side: "in", kind: "card",
                          osdp: { bus: "readers", address: 3, formats: ["H10301"] } },
          "lobby.card": {
          """)
    let gateway = try RunningGateway(site: site)
    try gateway.startAndWait()
    try gateway.importList(BenchSites.list)
    let frame = try #require(WiegandFormat.named("H10301")?.frame(facility: 123, number: 45_678))
    let value = frame.reduce(0 as UInt64) { $0 << 1 | ($1 ? 1 : 0) }
    func present(_ reader: String, _ value: UInt64) throws -> JSONValue {
      let text = "0" + String(value, radix: 16, uppercase: true)
      return try gateway.ingress().present(reader, "card:raw/26/\(text.suffix(7))")
    }
    #expect(try present("lobby.osdp", value)["decision"] == "grant")
    #expect(try present("lobby.card", value)["reason"] == "denied-unknown-credential")
    #expect(try present("lobby.osdp", value ^ 2)["reason"] == "denied-authentication-factor-error")
    let told = waitUntil(limit: 2_000) {
      (try? gateway.records())?.contains { $0["credential"] == "card:H10301/123/45678" } == true
    }
    #expect(told != nil)
  }
}
