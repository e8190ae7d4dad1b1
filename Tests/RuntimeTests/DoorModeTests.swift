import GPIODriver
import Journal
import Messages
import Platform
import Testing

/// A shop door that is free by schedule, an office door that its people latch, and a goods door that may stand open.
private func site(_ free: String) -> String {
  """
  {
    gateway: { id: "gw-test", site: "bench", timezone: "UTC" },
    loop: { period_us: 1000, priority: 40, guard_ms: 50 },
    gpio: { bench: { simulated: true } },
    inputs: {
      "shop.contact": { gpio: "bench", line: 0 }, "office.contact": { gpio: "bench", line: 1 },
      "goods.contact": { gpio: "bench", line: 2 },
    },
    outputs: {
      "shop.strike": { gpio: "bench", line: 16, safe: false }, "office.strike": { gpio: "bench", line: 17, safe: false },
      "goods.strike": { gpio: "bench", line: 18, safe: false },
    },
    points: {
      shop: { kind: "door", outputs: { unlock: "shop.strike" }, inputs: { contact: "shop.contact" }, unlock_ms: 300,
              free_access: { schedule: "always", \(free) } },
      office: { kind: "door", outputs: { unlock: "office.strike" }, inputs: { contact: "office.contact" }, unlock_ms: 300,
                office: { schedule: "always", groups: ["staff"], window_ms: 5000 } },
      goods: { kind: "door", outputs: { unlock: "goods.strike" }, inputs: { contact: "goods.contact" },
               propped_open: { schedule: "always" } },
    },
    readers: { "shop.card": { point: "shop", side: "in", kind: "card" }, "office.card": { point: "office", side: "in", kind: "card" } },
    schedules: { always: {} },
    groups: { staff: { points: ["shop", "office"], schedule: "always" }, guests: { points: ["shop", "office"], schedule: "always" } },
    emergency: { lockdown: { points: ["shop", "office", "goods"] } },
    journal: { capacity: 10000, warn_at: 0.8, commit_budget_ms: 50 },
  }
  """
}

private let list = """
  credential,holder,groups,valid_from,valid_until,uses,flags
  card:H10301/1/1,Li Na,staff,,,,
  card:H10301/1/2,guest,guests,,,,

  """

private let shop = 16
private let office = 17

/// The doors that schedules and people open for all, in the real program.
@Suite(.serialized) struct DoorModeTests {
  /// A gateway whose log says that its clock was right a moment ago, so that it is in holdover wherever this runs.
  private func gateway(_ free: String) throws -> RunningGateway {
    let gateway = try RunningGateway(site: site(free))
    try Files.makeDirectory(gateway.state)
    do {
      let journal = try Journal.open(directory: gateway.state, gateway: "gw-test", capacity: 10_000)
      let record = LogRecord(
        at: Timestamp(milliseconds: WallClock.milliseconds() - 1_000), clock: .synced, monotonic: 1,
        type: .system)
      _ = try journal.append([record])
    }
    return gateway
  }

  private func start(_ free: String) throws -> (RunningGateway, SimulatedChip) {
    let gateway = try gateway(free)
    try gateway.startAndWait()
    try gateway.importList(list)
    let chip = try gateway.chip("bench")
    for line in 0..<3 { chip.setInput(line, true) }
    MonotonicClock.sleep(milliseconds: 50)
    return (gateway, chip)
  }

  private func point(_ gateway: RunningGateway, _ place: Int) throws -> JSONValue {
    try gateway.status()["points"]?[place] ?? .null
  }

  private func waitFor(_ level: Bool, _ line: Int, _ chip: SimulatedChip) -> Bool {
    waitUntil(limit: 5_000) { chip.output(line) == level } != nil
  }

  private func details(_ gateway: RunningGateway, _ event: String) throws -> [JSONValue] {
    try gateway.records().compactMap { $0["detail"] }.filter { $0["event"]?.stringValue == event }
  }

  @Test func aShopDoorIsFreeAndALockdownEndsIt() throws {
    let (gateway, chip) = try start("late_start: true")
    try #require(waitFor(true, shop, chip))
    #expect(try point(gateway, 0)["access"] == "free")
    #expect(
      waitUntil(limit: 3_000) { (try? details(gateway, "free-access"))?.first?["why"] == "schedule" } != nil)
    let control = try gateway.control()
    _ = try control.call("emergency.start", ["plan": "lockdown", "drill": false])
    #expect(waitFor(false, shop, chip))
    _ = try control.call("emergency.reset", ["plan": "lockdown"])
    // Nothing unlocks by itself behind a lockdown; a person says so.
    #expect(waitUntil(limit: 1_500) { chip.output(shop) } == nil)
    #expect(try point(gateway, 0)["access_why"] == "ended-by-lockdown")
    #expect(
      waitUntil(limit: 3_000) {
        (try? details(gateway, "free-access-ended"))?.first?["cause"] == "lockdown"
      } != nil)
    _ = try control.call("free", ["point": "shop", "on": true])
    #expect(waitFor(true, shop, chip))
    #expect(
      waitUntil(limit: 3_000) {
        (try? details(gateway, "free-access"))?.contains { $0["why"] == "order" && $0["user"] != nil } == true
      } != nil)
    _ = try control.call("free", ["point": "shop", "on": false])
    #expect(waitFor(false, shop, chip))
    #expect(throws: LineClient.Refused.self) { try control.call("free", ["point": "goods", "on": true]) }
  }

  @Test func aStartThatWasMissedOpensNothing() throws {
    let (gateway, chip) = try start("late_start: false")
    #expect(waitUntil(limit: 1_500) { chip.output(shop) } == nil)
    #expect(try point(gateway, 0)["access_why"] == "start-missed")
  }

  @Test(arguments: Interruption.allCases) func aRestartChangesNothing(_ interruption: Interruption) throws {
    let (gateway, chip) = try start("first_person: true")
    #expect(waitUntil(limit: 1_000) { chip.output(shop) } == nil)
    #expect(try point(gateway, 0)["access_why"] == "waits-for-first-person")
    #expect(try gateway.ingress().present("shop.card", "card:H10301/1/1")["decision"] == "grant")
    try #require(waitFor(true, shop, chip))
    chip.setInput(0, false)
    MonotonicClock.sleep(milliseconds: 100)
    chip.setInput(0, true)
    #expect(waitUntil(limit: 3_000) { (try? point(gateway, 0)["access"]) == "free" } != nil)
    #expect(
      waitUntil(limit: 3_000) {
        (try? details(gateway, "free-access"))?.first?["credential"] == "card:H10301/1/1"
      } != nil)
    let file = "\(gateway.state)/doors.json"
    #expect(
      waitUntil(limit: 3_000) {
        (try? Files.read(file)).map { String(decoding: $0, as: UTF8.self).contains("begun") } ?? false
      } != nil)
    try interruption.happen(to: gateway)
    #expect(waitFor(true, shop, try gateway.chip("bench")))
    #expect(try point(gateway, 0)["access"] == "free")
  }

  @Test func twoPresentationsLatchAnOfficeDoor() throws {
    let (gateway, chip) = try start("late_start: false")
    let ingress = try gateway.ingress()
    func showTwice(_ card: String) throws {
      _ = try ingress.present("office.card", card)
      MonotonicClock.sleep(milliseconds: 600)
      _ = try ingress.present("office.card", card)
    }
    // Nobody of the groups: two grants, and it locks again.
    try showTwice("card:H10301/1/2")
    try #require(waitFor(true, office, chip))
    #expect(waitFor(false, office, chip))
    // At once is once: a card that lies on its reader latches nothing.
    for _ in 0..<3 { _ = try ingress.present("office.card", "card:H10301/1/1") }
    try #require(waitFor(true, office, chip))
    #expect(waitFor(false, office, chip))
    MonotonicClock.sleep(milliseconds: 5_100)
    try showTwice("card:H10301/1/1")
    #expect(waitUntil(limit: 3_000) { (try? point(gateway, 1)["access"]) == "office" } != nil)
    MonotonicClock.sleep(milliseconds: 800)
    #expect(chip.output(office))
    #expect(
      waitUntil(limit: 3_000) {
        let told = (try? details(gateway, "office-mode"))?.first
        return told?["why"] == "double-presentation" && told?["credential"] == "card:H10301/1/1"
      } != nil)
    try showTwice("card:H10301/1/1")
    #expect(waitFor(false, office, chip))
    #expect(try point(gateway, 1)["access"] == "controlled")
  }

  @Test func aGoodsDoorMayStandOpenInItsSchedule() throws {
    let (gateway, _) = try start("late_start: false")
    #expect(waitUntil(limit: 3_000) { (try? point(gateway, 2)["propped"]) == true } != nil)
    #expect(
      waitUntil(limit: 3_000) { (try? details(gateway, "propped"))?.first?["why"] == "schedule" } != nil)
  }
}
