import AccessPolicy
import ControlCore
import FoundationEssentials
import Testing

@testable import Site

@Suite("Loading")
struct LoadTests {
  private func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/site-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  private func only(_ path: String) -> SiteFault? {
    do {
      _ = try SiteFile.load(path: path, profiles: nil)
      return nil
    } catch {
      return error.faults.count == 1 ? error.faults[0] : nil
    }
  }

  @Test func whatIsNoSmallRegularFileIsOneFault() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    #expect(only("\(folder)/none.json5")?.text.hasPrefix("cannot be read (no such file)") == true)
    #expect(only(folder)?.text == "is not a regular file")
    #expect(only("/dev/zero")?.text == "is not a regular file")
    let large = "\(folder)/large.json5"
    try Data(repeating: 0x20, count: SiteLimits.fileSize + 1).write(to: URL(fileURLWithPath: large))
    #expect(only(large)?.text == "is larger than 1048576 bytes")
  }

  @Test func filesAreFoundBesideTheSite() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/site.json5"
    let text = site(
      "uplink: { broker: \"mqtts://hq\", ca_file: \"ca.pem\", cert_file: \"/etc/gw.pem\", key_file: \"k/gw.key\" }"
    )
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    let uplink = try #require(try SiteFile.load(path: path, profiles: nil).uplink)
    #expect(uplink.caFile == "\(folder)/ca.pem")
    #expect(uplink.certFile == "/etc/gw.pem")
    #expect(uplink.keyFile == "\(folder)/k/gw.key")
  }

  @Test func profilesComeFromTheFolderThatTheSiteNames() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(
      atPath: "\(folder)/own/devices", withIntermediateDirectories: true)
    let profile = """
      { name: "relay", source: "a label on the box", channels: { K1: { table: "coil", address: 7 } } }
      """
    try Data(profile.utf8).write(to: URL(fileURLWithPath: "\(folder)/own/devices/relay.json5"))
    let text = site(
      """
      profiles: "own", buses: { io: { tcp: "h:1502" } },
      devices: { d: { bus: "io", unit: 3, profile: "relay" } },
      outputs: { lamp: { device: "d", channel: "K1" } },
      """)
    let result = try SiteFile.read(Array(text.utf8), path: "\(folder)/site.json5", profiles: hardware)
    #expect(
      result.outputWiring == [
        .modbus(ModbusOutputWiring(bus: 0, unit: 3, table: .coil, address: 7))
      ])
    #expect(result.buses[0].link == .tcp(host: "h", port: 1_502))
    #expect(result.buses[0].use == .modbus)
  }

  @Test func aFaultInAProfileNamesTheProfile() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: "\(folder)/devices", withIntermediateDirectories: true)
    let file = "\(folder)/devices/relay.json5"
    try Data("{ name: \"relay\", source: \"x\", chanels: {} }".utf8).write(to: URL(fileURLWithPath: file))
    let text = site(
      """
      buses: { io: { tcp: "h" } },
      devices: { a: { bus: "io", unit: 1, profile: "relay" }, b: { bus: "io", unit: 2, profile: "relay" } },
      """)
    do {
      _ = try SiteFile.read(Array(text.utf8), path: "\(folder)/site.json5", profiles: nil)
      Issue.record("a broken profile was taken")
    } catch {
      #expect(error.faults.count == 1)
      #expect(error.faults.first?.description.hasPrefix("\(folder)/") == true)
      #expect(
        error.faults.first?.description.hasSuffix(
          "relay.json5: chanels: unknown key; did you mean 'channels'?") == true)
    }
  }

  @Test func positionsFollowTheFile() throws {
    let names = (0..<40).map { "s\(($0 * 17) % 40)" }
    let inputs = names.enumerated().map { "\($1): { gpio: \"c\", line: \($0) }" }.joined(separator: ", ")
    let site = try load(site("gpio: { c: { simulated: true } }, inputs: { \(inputs) }"))
    #expect(site.inputNames == names)
    #expect(site.inputWiring[7] == .gpio(chip: 0, line: .offset(7), activeLow: false, bias: nil))
    #expect(site.notes.count == 40, "an unused signal is a note")
  }

  @Test(arguments: ["barrier", "gate"]) func everyLoopHasItsRole(_ kind: String) throws {
    let motion = kind == "gate" ? "open: \"a\", close: \"b\"" : "raise: \"a\", lower: \"b\""
    let roles = ["arming_loop", "closing_loop", "interrupt_loop", "exit_loop", "shadow_loop"]
    let wires = roles.enumerated().map { "\($1): { gpio: \"c\", line: \($0) }" }.joined(separator: ", ")
    let inputs = roles.map { "\($0): \"\($0)\"" }.joined(separator: ", ")
    let site = try load(
      site(
        """
        gpio: { c: { simulated: true } }, inputs: { \(wires) },
        outputs: { a: { gpio: "c", line: 8 }, b: { gpio: "c", line: 9 } },
        points: { p: { kind: "\(kind)", outputs: { \(motion) }, inputs: { \(inputs) } } }
        """))
    let indices: [InputIndex?] =
      switch site.control.points[0] {
      case .barrier(let point):
        [point.armingLoop, point.closingLoop, point.interruptLoop, point.exitLoop, point.shadowLoop]
      case .gate(let point):
        [point.armingLoop, point.closingLoop, point.interruptLoop, point.exitLoop, point.shadowLoop]
      case .door, .turnstile: []
      }
    #expect(indices == (0..<5).map { InputIndex($0) })
    let report = site.report().joined(separator: " ")
    for role in roles { #expect(report.contains("\(role)=\(role)")) }
  }

  /// Everything that a lane may have besides its loops, in both kinds.
  @Test(arguments: ["barrier", "gate"]) func everyDriveAndItsHelpers(_ kind: String) throws {
    let isGate = kind == "gate"
    let limits = isGate ? ("open_limit", "closed_limit") : ("up", "down")
    let held = isGate ? ("motor_open", "motor_close") : ("motor_up", "motor_down")
    let text = """
      gpio: { c: { simulated: true } },
      inputs: { top: { gpio: "c", line: 0 }, bottom: { gpio: "c", line: 1 }, beam: { gpio: "c", line: 2 },
        approach: { gpio: "c", line: 3 }, bad: { gpio: "c", line: 4 }, shut: { gpio: "c", line: 5 }, runs: { gpio: "c", line: 6 } },
      outputs: { one: { gpio: "c", line: 8 }, two: { gpio: "c", line: 9 }, shows: { gpio: "c", line: 10 },
        howls: { gpio: "c", line: 11 }, step: { gpio: "c", line: 12 } },
      points: {
        p: { kind: "\(kind)", outputs: { \(held.0): "one", \(held.1): "two", sign: "shows", alarm: "howls" }, hold_between: false,
          inputs: { \(limits.0): "top", \(limits.1): "bottom", photocell: "beam", arming_loop: "approach", detector_fault: "bad",
            hold_to_close: "shut", moving: "runs" } },
        q: { kind: "\(kind)", outputs: { step: "step" }, step_while_closing: "ignored", turn_back_s: 0, auto_close_ms: 0,
          inputs: { \(limits.0): "top", \(limits.1): "bottom", photocell: "beam", arming_loop: "approach" } },
      },
      emergency: { fire: { input: "bad", release: ["q"] } },
      """
    let site = try load(site(text))
    switch (site.control.points[0], site.control.points[1]) {
    case (.barrier(let one), .barrier(let other)):
      #expect([one.sign, one.alarm] == [OutputIndex(2), OutputIndex(3)])
      #expect([one.detectorFault, one.holdToClose, one.moving] == [4, 5, 6].map { InputIndex($0) })
      #expect((one.holdBetween, other.holdBetween) == (false, true))
      #expect((one.turnBack, other.turnBack) == (.seconds(5), .zero))
      #expect((other.style, other.stepAnswer) == (.step, .ignored))
      #expect((other.raise, other.lower) == (OutputIndex(4), OutputIndex(4)))
    case (.gate(let one), .gate(let other)):
      #expect([one.sign, one.alarm] == [OutputIndex(2), OutputIndex(3)])
      #expect([one.detectorFault, one.holdToClose, one.moving] == [4, 5, 6].map { InputIndex($0) })
      #expect((one.holdBetween, other.holdBetween) == (false, true))
      #expect((one.turnBack, other.turnBack) == (.seconds(5), .zero))
      #expect((other.style, other.stepAnswer) == (.step, .ignored))
      #expect((other.open, other.close) == (OutputIndex(4), OutputIndex(4)))
    default: Issue.record("the points are of other kinds")
    }
    let report = site.report().joined(separator: " ")
    for words in [
      "step=step", "sign=shows", "alarm=howls", "detector_fault=bad", "hold_to_close=shut", "moving=runs",
    ] {
      #expect(report.contains(words), "\(words)")
    }
    #expect(site.notes.contains { $0.description.contains("automatic closing") })
    #expect(site.notes.contains { $0.description.contains("'q' has a step drive") })
    // The scan takes what the reader gives.
    _ = Controller(setting: site.control)
  }

  @Test(arguments: ["barrier", "gate"]) func aLaneHasItsLightsAndWatchesItsSensors(_ kind: String) throws {
    let motion = kind == "gate" ? "open: \"a\", close: \"b\"" : "raise: \"a\", lower: \"b\""
    let text = """
      gpio: { c: { simulated: true } }, inputs: { loop: { gpio: "c", line: 0 } },
      outputs: { a: { gpio: "c", line: 8 }, b: { gpio: "c", line: 9 }, stop_here: { gpio: "c", line: 10, safe: true },
        go: { gpio: "c", line: 11 }, emitter: { gpio: "c", line: 12 } },
      points: { p: { kind: "\(kind)", outputs: { \(motion), red: "stop_here", green: "go", sensor_test: "emitter" }, stuck_s: 60, drift_percent: 25,
        inputs: { photocell: "loop" } } }
      """
    let site = try load(site(text))
    let lights: [OutputIndex?] =
      switch site.control.points[0] {
      case .barrier(let point): point.stuck == .seconds(60) ? [point.red, point.green, point.sensorTest] : []
      case .gate(let point): point.stuck == .seconds(60) ? [point.red, point.green, point.sensorTest] : []
      case .door, .turnstile: []
      }
    let drift: UInt64 =
      switch site.control.points[0] {
      case .barrier(let point): point.driftPercent
      case .gate(let point): point.driftPercent
      case .door, .turnstile: 0
      }
    #expect(drift == 25)
    #expect(lights == [OutputIndex(2), OutputIndex(3), OutputIndex(4)])
    #expect(site.control.outputs[2].safe)
    #expect(site.report().joined(separator: " ").contains("red=stop_here"))
  }

  @Test func defaultsAreThoseOfTheCore() throws {
    let site = try load(door())
    guard case .door(let setting) = site.control.points[0] else {
      Issue.record("the door is no door")
      return
    }
    var usual = DoorSetting(lock: OutputIndex(0))
    usual.contact = InputIndex(0)
    #expect(setting == usual)
    #expect(
      site.loop == LoopDescription(period: .milliseconds(1), priority: 80, guardTime: .milliseconds(50)))
    #expect(site.control.inputs[0].debounce == .milliseconds(20))
    #expect(!site.control.outputs[0].safe)
  }

  @Test func limitsOfTheCoreHold() {
    let inputs = (0...Limits.inputs).map {
      "s\($0): { bus: \"io\", unit: 1, table: \"coil\", address: \($0) }"
    }
    let lines = faults(site("buses: { io: { tcp: \"h\" } }, inputs: { \(inputs.joined(separator: ", ")) }"))
    #expect(lines == ["site.json5: inputs: holds 513 entries; must be at most 512"])
  }

  @Test func watchdogOfTheProfileReachesTheOutput() throws {
    let site = try load(
      site(
        """
        buses: { io: { tcp: "h" } },
        devices: { d: { bus: "io", unit: 1, profile: "icpdas-tm", watchdog_ms: 1500 } },
        outputs: { up: { device: "d", channel: "DO1" }, down: { device: "d", channel: "DO3" } },
        points: { lane: { kind: "barrier", outputs: { motor_up: "up", motor_down: "down" }, auto_close_ms: 0 } },
        """))
    guard case .modbus(let wire) = site.outputWiring[1] else {
      Issue.record("the output is not on the bus")
      return
    }
    #expect(wire.address == 2)
    #expect(
      wire.watchdog
        == WatchdogDescription(
          enableCoil: 260, timeoutRegister: 487, unit: .milliseconds(100), timeout: .milliseconds(1_500),
          safeCoil: 128, powerOnCoil: 160))
    guard case .barrier(let barrier) = site.control.points[0] else {
      Issue.record("the lane is no barrier")
      return
    }
    #expect(barrier.style == .held)
  }

  @Test func namesMayBeOfAnyScript() throws {
    let site = try load(
      site("gpio: { \"片\": { simulated: true } }, inputs: { \"入口.地感\": { gpio: \"片\", line: 3 } }"))
    #expect(site.inputNames == ["入口.地感"])
  }

  @Test(arguments: [
    ("08:00-12:00", 480, 720), ("22:00-06:00", 1_320, 360), ("00:00-24:00", 0, 1_440),
  ])
  func periodsAreMinutes(_ text: String, _ start: Int, _ end: Int) {
    #expect(SiteReader.period(text) == DayPeriod(start: start, end: end))
  }

  @Test(arguments: [
    "24:00-06:00", "8:00-9:00", "08:60-09:00", "08:00", "08:00-09:00-10:00", "-", "０８:00-09:00",
  ])
  func whatIsNoPeriodIsNone(_ text: String) {
    #expect(SiteReader.period(text) == nil)
  }

  @Test(arguments: [
    ("2028-02-29", true), ("2027-02-29", false), ("2000-02-29", true), ("2100-02-29", false),
    ("2026-13-01", false),
    ("2026-1-1", false), ("+026-01-01", false), ("1969-01-01", false), ("2026-04-31", false),
  ])
  func daysOfTheCalendar(_ text: String, _ exists: Bool) {
    #expect((SiteReader.date(text) != nil) == exists)
  }

  @Test(arguments: [
    ("h", "h", 502), ("h:1", "h", 1), ("[::1]:8883", "::1", 8_883), ("[::1]", "::1", 502),
  ])
  func hostsWithPorts(_ text: String, _ host: String, _ port: Int) {
    let parsed = HostPort(text, defaultPort: 502)
    #expect(parsed?.host == host)
    #expect(parsed?.port == port)
  }

  @Test(arguments: ["", ":1", "h:", "h:0", "h:65536", "[::1", "[::1]x", "a b", "user@h", "h:1:2"])
  func whatIsNoHostIsNone(_ text: String) {
    #expect(HostPort(text, defaultPort: 502) == nil)
  }

  /// Shanghai has had one offset since 1991; Berlin changes twice a year.
  @Test func zoneIsReadFromTheSystem() throws {
    let summer: Int64 = 1_782_864_000_000
    let winter: Int64 = 1_767_225_600_000
    #expect(try load(site("")).policy.zone.offset(atUnixMilliseconds: summer) == 28_800)
    let berlin = try load(site("").replacing("Asia/Shanghai", with: "Europe/Berlin")).policy.zone
    #expect(berlin.offset(atUnixMilliseconds: summer) == 7_200)
    #expect(berlin.offset(atUnixMilliseconds: winter) == 3_600)
  }

  /// More names than an index can count are a fault and no trap.
  @Test func tooManyNamesNeverTrap() {
    let names = (0..<70_000).map { "a\($0):{}" }.joined(separator: ",")
    let lines = faults(
      site("inputs: {\(names)}, emergency: { fire: { input: \"a69999\", points: [] } }"))
    #expect(lines.contains("site.json5: inputs: holds 70000 entries; must be at most 512"))
    #expect(lines.contains { $0.hasPrefix("site.json5: emergency.fire.input: there is no input 'a69999'") })
  }

  @Test func whatIsNoUTF8IsOneFault() {
    do {
      _ = try SiteFile.read([0x7B, 0xFF, 0x7D], path: "site.json5", profiles: nil)
      Issue.record("bytes that are no text were taken")
    } catch {
      #expect(error.faults.map(\.description) == ["site.json5: is not UTF-8 text; must be saved as UTF-8"])
    }
  }

  @Test func linesMayEndAsWindowsEndsThem() throws {
    let text = site("gpio: { c: { label: \"ab\" } } // end").replacing("\n", with: "\r\n")
    #expect(try load(text).chips.map(\.source) == [.label("ab")])
    _ = try JSON5Outline(Array("{ a: \"one \\\r\n two\" }".utf8))
  }
}
