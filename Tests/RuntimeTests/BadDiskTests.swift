import GPIODriver
import Glibc
import Messages
import Platform
import Testing

/// A state directory that takes nothing, for real: the doors go on, and nothing of what they did is lost.
@Suite(
  .serialized,
  .enabled(if: MountedState.isPossible, "only root may mount the file systems that these tests fill and lock")
)
struct BadDiskTests {
  private static let list =
    BenchSites.list
    + (1...9).map { "card:H10301/7/\($0),person \($0),residents,,,,\n" }.joined()

  /// Known cards and strangers in turn; every known one moves the strike, and the next waits for its end.
  private func passBy(_ numbers: ClosedRange<Int>, _ gateway: RunningGateway, _ chip: SimulatedChip) throws
    -> [String]
  {
    let source = try gateway.ingress()
    var credentials: [String] = []
    for number in numbers {
      let stranger = "plate:B\(number)"
      let unknown = try source.present("lane.camera", stranger, confidence: 0.9)
      #expect(unknown["decision"] == "deny" && unknown["reason"] == "denied-unknown-credential", "\(unknown)")
      let card = "card:H10301/7/\(number)"
      let answer = try source.present("lobby.card", card)
      #expect(answer["decision"] == "grant", "\(answer)")
      #expect(waitUntil(limit: 2_000) { chip.output(18) } != nil, "\(card) opens")
      #expect(waitUntil(limit: 2_000) { !chip.output(18) } != nil)
      credentials += [stranger, card]
    }
    return credentials
  }

  /// All that was presented is in the log, in order, and the chain holds.
  private func expectWhole(
    _ gateway: RunningGateway, _ credentials: [String], lost: Bool = false
  ) throws {
    let healed = waitUntil(limit: 8_000) { (try? gateway.status())?["journal"]?["state"] == "ok" }
    #expect(healed != nil, "\(gateway.log)")
    let all = try waitUntil(limit: 5_000) {
      let records = try gateway.records()
      return records.count { $0["type"] == "access" } >= credentials.count
        && records.contains { $0["type"] == "gap" } == lost
    }
    #expect(all != nil, "what waited at the desk follows at once, and what was lost is told")
    let records = try gateway.records()
    #expect(
      records.filter { $0["type"] == "access" }.compactMap { $0["credential"]?.stringValue } == credentials)
    #expect(records.compactMap { $0["seq"]?.integerValue } == (1...Int64(records.count)).map { $0 })
    #expect(records.contains { $0["type"] == "gap" } == lost)
    let verified = try gateway.control().call("log.verify")
    #expect(verified["ok"] == true && verified["records"]?.integerValue ?? 0 >= Int64(records.count))
    #expect(try gateway.status()["journal"]?["lost"] == 0)
  }

  private func degraded(_ gateway: RunningGateway) -> JSONValue? {
    waitUntil(limit: 3_000) { (try? gateway.status())?["journal"]?["state"] == "degraded" }
      .flatMap { _ in try? gateway.status() }
  }

  @Test func doorsGoOnWithAFullDiskAndTheLogCatchesUp() throws {
    let disk = try MountedState()
    let gateway = try RunningGateway(site: BenchSites.simulated, stateDirectory: disk.path)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    chip.setInput(3, true)
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    try gateway.importList(Self.list)
    var credentials = try passBy(1...2, gateway, chip)
    try disk.fill()
    credentials += try passBy(3...7, gateway, chip)
    let status = try #require(degraded(gateway))
    #expect(status["journal"]?["error"]?.stringValue?.contains("database or disk is full") == true)
    #expect(
      status["faults"]?.arrayValue?.contains { $0.stringValue?.contains("disk is full") == true } == true)
    // What must outlive the machine says that it would not.
    _ = try gateway.control().call("emergency.start", ["plan": "fire", "drill": false])
    #expect(waitUntil(limit: 1_000) { chip.output(18) && !chip.output(20) && chip.output(16) } != nil)
    chip.setInput(1, false)
    chip.setInput(0, true)
    let told = waitUntil(limit: 2_000) {
      faults(gateway).contains { $0.hasPrefix("emergencies are not kept") }
    }
    #expect(told != nil, "\(faults(gateway))")
    #expect(throws: LineClient.Refused.self) { try gateway.importList(Self.list) }
    #expect(try gateway.status()["list"]?["count"] == 12, "the list before holds")
    disk.makeRoom()
    try expectWhole(gateway, credentials)
    let well = waitUntil(limit: 3_000) {
      !faults(gateway).contains { $0.contains("disk") || $0.contains("kept") }
    }
    #expect(well != nil, "\(faults(gateway))")
    #expect(try gateway.records().contains { $0["detail"]?["event"] == "emergency-started" })
    let file = String(decoding: try Files.read("\(disk.path)/emergencies.json"), as: UTF8.self)
    #expect(file.contains("\"fire\""))
    #expect(try gateway.stop() == .exited(0))
  }

  private func faults(_ gateway: RunningGateway) -> [String] {
    (try? gateway.status())?["faults"]?.arrayValue?.compactMap(\.stringValue) ?? []
  }

  @Test func doorsGoOnWithAReadOnlyStateAndTheLogCatchesUp() throws {
    let disk = try MountedState()
    let gateway = try RunningGateway(site: BenchSites.simulated, stateDirectory: disk.path)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    chip.setInput(3, true)
    try gateway.importList(Self.list)
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    var credentials = try passBy(1...2, gateway, chip)
    #expect(try gateway.stop() == .exited(0))
    try disk.setReadOnly(true)
    try gateway.startAndWait()
    let status = try #require(degraded(gateway))
    #expect(
      status["journal"]?["error"]?.stringValue?.contains("ead-only file system") == true
        || status["journal"]?["error"]?.stringValue?.contains("readonly database") == true,
      "\(status["journal"] ?? .null)")
    credentials += try passBy(3...7, gateway, chip)
    #expect(try gateway.status()["list"]?["count"] == 12, "the list is read all the same")
    try disk.setReadOnly(false)
    try expectWhole(gateway, credentials)
    #expect(try gateway.stop() == .exited(0))
  }

  @Test(.enabled(if: MountedState.canFail, "needs root, a loop device, and ext4 with its programs"))
  func doorsGoOnWhenTheCardFailsAndTheLogUpToThenIsWhole() throws {
    let card = try MountedState(cardBytes: 4 << 20)
    let gateway = try RunningGateway(site: BenchSites.simulated, stateDirectory: card.path)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    chip.setInput(3, true)
    try gateway.importList(Self.list)
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    let before = try passBy(1...2, gateway, chip)
    try card.failCard()
    _ = try passBy(3...5, gateway, chip)
    let status = try #require(degraded(gateway))
    #expect(status["journal"]?["error"]?.stringValue?.isEmpty == false)
    #expect(faults(gateway).contains { $0.hasPrefix("journal: ") })
    #expect(try gateway.stop() == .exited(0))
    #expect(gateway.log.contains("records waited to the end"), "\(gateway.log)")
    try card.insertCardAgain()
    try gateway.startAndWait()
    try expectWhole(gateway, before, lost: true)
    // Three strangers, three cards, and what the door did: nothing of it could be written.
    let gap = try #require(try gateway.records().first { $0["type"] == "gap" })
    #expect(gap["reason"] == "controller-ended", "\(gap)")
    #expect(gap["detail"]?["count"]?.integerValue ?? 0 >= 12, "\(gap)")
    #expect(gap["detail"]?["since"]?.stringValue ?? "" <= gap["detail"]?["until"]?.stringValue ?? "")
    #expect(try gateway.status()["journal"]?["lost"] == 0)
    #expect(try gateway.status()["list"]?["count"] == 12)
    #expect(try gateway.stop() == .exited(0))
  }

  @Test(.enabled(if: MountedState.canFail, "needs root, a loop device, and ext4 with its programs"))
  func theLogGoesOnByItselfWhenTheCardIsExchanged() throws {
    let card = try MountedState(cardBytes: 4 << 20)
    let (gateway, chip) = try started(on: card)
    var credentials = try passBy(1...2, gateway, chip)
    try card.failCard()
    credentials += try passBy(3...5, gateway, chip)
    _ = try #require(degraded(gateway))
    try card.exchangeCard()
    try expectWhole(gateway, credentials)
    #expect(try gateway.status()["boot"] == 1, "it is the same start")
    #expect(try gateway.stop() == .exited(0))
  }

  /// `fsync` says that what was written is not there: nothing is lost by that, and nothing is written twice.
  @Test(.enabled(if: MountedState.canFail, "needs root, a loop device, and ext4 with its programs"))
  func theLogGoesOnByItselfAfterErrorsOfTheDisk() throws {
    let card = try MountedState(cardOnDiskOf: 6)
    let (gateway, chip) = try started(on: card)
    var credentials = try passBy(1...2, gateway, chip)
    try card.spoilCard()
    credentials += try passBy(3...6, gateway, chip)
    let status = try #require(degraded(gateway))
    #expect(status["journal"]?["error"]?.stringValue?.isEmpty == false)
    card.mendCard()
    credentials += try passBy(7...8, gateway, chip)
    try expectWhole(gateway, credentials)
    #expect(try gateway.stop() == .exited(0))
    try gateway.startAndWait()
    try expectWhole(gateway, credentials)
  }

  private func started(on card: MountedState) throws -> (RunningGateway, SimulatedChip) {
    let gateway = try RunningGateway(site: BenchSites.simulated, stateDirectory: card.path)
    try gateway.startAndWait()
    let chip = try gateway.chip("bench")
    chip.setInput(1, true)
    chip.setInput(3, true)
    try gateway.importList(Self.list)
    #expect(waitUntil(limit: 5_000) { chip.output(20) } != nil)
    return (gateway, chip)
  }

  /// SIGKILL takes what no disk had taken yet: the next controller says how much that was.
  @Test func whatDiesWithTheControllerIsTold() throws {
    let disk = try MountedState()
    let (gateway, chip) = try started(on: disk)
    let credentials = try passBy(1...2, gateway, chip)
    try disk.fill()
    _ = try passBy(3...5, gateway, chip)
    _ = try #require(degraded(gateway))
    let before = gateway.controller
    gateway.signalController(SIGKILL)
    #expect(waitUntil(limit: 5_000) { gateway.controller != before && gateway.controller > 0 } != nil)
    disk.makeRoom()
    #expect(waitUntil(limit: 8_000) { (try? gateway.status())?["journal"]?["state"] == "ok" } != nil)
    let told = try waitUntil(limit: 5_000) { try gateway.records().contains { $0["type"] == "gap" } }
    #expect(told != nil)
    let records = try gateway.records()
    let gap = try #require(records.first { $0["type"] == "gap" })
    let missing = 6 - (records.count { $0["type"] == "access" } - credentials.count)
    #expect(gap["reason"] == "controller-ended")
    #expect(gap["detail"]?["before_start"]?.integerValue ?? 0 >= missing, "\(gap)")
    #expect(try gateway.control().call("log.verify")["ok"] == true)
  }
}
