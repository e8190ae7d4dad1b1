import Glibc
import Journal
import Messages
import Platform
import Testing

/// One gateway, a source that presents plates as fast as it is answered, and a headquarters that collects.
struct KillRig {
  private let seed: UInt64
  private var random: SeededGenerator
  private let gateway: RunningGateway
  private let disk: MountedState?
  private var collected = CollectedLog()
  private var waiting: [(track: String, seq: Int64)] = []
  private var damages = 0
  private var gapsAllowed = false
  private var isFull = false
  private(set) var answered = 0
  private var cycles = 0

  var summary: String {
    "seed \(seed): \(cycles) kills, \(answered) answers with a seq, \(collected.records) records collected, "
      + "\(damages) databases damaged, \(collected.lost) seqs told as lost with them"
  }

  private static let residents = 1_000

  init(seed: UInt64, disk: MountedState?) throws {
    self.seed = seed
    self.disk = disk
    random = SeededGenerator(state: seed)
    // The smallest log that holds some cycles: retention works all the time.
    let site = BenchSites.simulated.replacing("capacity: 10000", with: "capacity: 2000")
    gateway = try RunningGateway(site: site, stateDirectory: disk?.path)
    try gateway.startAndWait()
    try gateway.importList(Self.list)
  }

  private static var list: String {
    "credential,groups\n" + (0..<residents).map { "plate:R\($0),residents\n" }.joined()
  }

  private var path: String { "\(gateway.state)/gatehouse.db" }

  /// One life of the gateway: from a start, or from the life before, to SIGKILL.
  mutating func run(_ cycle: Int) throws {
    cycles += 1
    if gateway.guardProcess == 0 { try gateway.start() }
    switch Int.random(in: 0..<10, using: &random) {
    case 0: killSoon(within: 40_000)
    case 1:
      try acknowledge()
      kill(gateway.guardProcess, SIGTERM)
      killSoon(within: 30_000)
    case 2:
      try acknowledge()
      try present(cycle, whileImporting: true)
    case 3 where disk == nil && cycle % 4 == 0: try damage()
    case 4, 5: try killController(cycle)
    default:
      try acknowledge()
      try changeRoom()
      try present(cycle, whileImporting: false)
    }
    gateway.killAndWait()
    try collect()
    collected.forget(tracksBefore: Self.name(cycle - 3))
  }

  /// Starts for good and looks at everything once more.
  mutating func finish() throws {
    disk?.makeRoom()
    try gateway.startAndWait()
    let well = waitUntil(limit: 8_000) { (try? gateway.status())?["journal"]?["state"] == "ok" }
    #expect(well != nil, "\(gateway.log)")
    #expect(waitUntil(limit: 8_000) { (try? gateway.status())?["list"]?["count"] == 1_000 } != nil)
    try collect()
    #expect(try gateway.control().call("log.verify")["ok"] == true)
    try acknowledge()
    #expect(try gateway.stop() == .exited(0))
    try collect()
  }

  private static func name(_ cycle: Int) -> String {
    let digits = String(max(0, cycle))
    return "t" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
  }

  // MARK: What happens in a life

  private mutating func killSoon(within microseconds: UInt64) {
    MonotonicClock.sleep(
      until: MonotonicClock.now() + UInt64.random(in: 0...microseconds, using: &random) * 1_000)
  }

  /// A database of which nothing but its name is left; the lives after it may end within the recovery.
  private mutating func damage() throws {
    gateway.killAndWait()
    try collect()
    let size = Files.size(path) ?? 0
    try Files.write([UInt8](repeating: 0xEE, count: Int(size)), to: path)
    // What is still in the write-ahead log mends the file; without it everything is gone.
    Files.remove(path + "-wal")
    damages += 1
    gapsAllowed = true
    for _ in 0..<Int.random(in: 0...3, using: &random) {
      try gateway.start()
      killSoon(within: 40_000)
      gateway.killAndWait()
    }
    try gateway.startAndWait()
    try acknowledge()
  }

  private mutating func changeRoom() throws {
    guard let disk else { return }
    if isFull { disk.makeRoom() } else if Bool.random(using: &random) { try disk.fill() }
    isFull.toggle()
  }

  /// The guard lives on and starts the next controller, which is loaded as well.
  private mutating func killController(_ cycle: Int) throws {
    let pause = UInt64.random(in: 1...60, using: &random)
    guard let source = try? gateway.ingress() else { return }
    let controller = gateway.controller
    let killer = try PlatformThread.start(name: "killer") {
      MonotonicClock.sleep(milliseconds: pause)
      if controller > 1 { kill(controller, SIGKILL) }
    }
    try load(source, cycle, name: "a", rounds: 20)
    killer.join()
    try present(cycle, whileImporting: false)
  }

  /// Presents plates until the gateway is killed, a few milliseconds from now.
  private mutating func present(_ cycle: Int, whileImporting: Bool) throws {
    let pause = UInt64.random(in: 1...120, using: &random)
    guard let source = try? gateway.ingress() else { return }
    var importer: PlatformThread?
    if whileImporting {
      let running = Running(gateway: gateway, control: try gateway.control())
      importer = try PlatformThread.start(name: "importer") {
        try? running.gateway.importList(Self.list, over: running.control)
      }
    }
    let guardProcess = gateway.guardProcess
    // Half of them die before the first answer, or with it.
    if Bool.random(using: &random) { try load(source, cycle, name: "w", rounds: 1) }
    let killer = try PlatformThread.start(name: "killer") {
      MonotonicClock.sleep(milliseconds: pause)
      kill(guardProcess, SIGKILL)
    }
    try load(source, cycle, name: "b", rounds: 40)
    killer.join()
    importer?.join()
  }

  /// Some plates at once, then their answers, until the line is cut.
  private mutating func load(_ source: LineClient, _ cycle: Int, name: String, rounds: Int) throws {
    // Nobody comes twice within the reader's hold-off: that would be one presence.
    var number = name == "b" ? 30 : 0
    for _ in 0..<rounds {
      let size = Int.random(in: 1...24, using: &random)
      var lines = ""
      for _ in 0..<size {
        number += 1
        let track = "\(Self.name(cycle))-\(name)\(number)"
        let plate =
          number % 3 == 0
          ? "plate:R\((cycle * 250 + number) % Self.residents)" : "plate:K\(cycle)X\(name)\(number)"
        let request = IngressRequest(
          id: track, reader: "lane.camera", credential: plate, confidence: 0.9, track: track)
        lines += String(decoding: request.encoded(), as: UTF8.self) + "\n"
      }
      guard (try? source.send(String(lines.dropLast()))) != nil else { return }
      for _ in 0..<size {
        guard let answer = try source.receive(milliseconds: 3_000), let track = answer["id"]?.stringValue
        else { return }
        guard let seq = answer["seq"]?.integerValue, seq > 0 else { continue }
        waiting.append((track, seq))
        answered += 1
      }
    }
  }

  // MARK: Headquarters

  private mutating func collect() throws {
    try collected.pull(from: path, gapsAllowed: gapsAllowed)
    gapsAllowed = false
    collected.expect(waiting)
    waiting.removeAll()
  }

  private func acknowledge() throws {
    guard collected.last.seq > 0, let control = try? gateway.control() else { return }
    _ = try? control.call(
      "uplink.ack",
      ["through": .integer(collected.last.seq), "hash": .string(Hex.text(collected.last.hash))])
  }
}

/// Handed to the thread that imports: it alone uses the connection.
private struct Running: @unchecked Sendable {
  let gateway: RunningGateway
  let control: LineClient
}
