import AccessPolicy
import ControlCore
import Messages
import Platform
import Shell
import Simulation
import Site
import Synchronization

/// Everything that the demo's scenes play with: the site, its plant, the controller, its log.
final class DemoStage: Sendable {
  let folder: String
  let site: DemoSite
  let field: PlayedField
  let controller: DemoController
  let chronicle: DemoChronicle
  let ledger = DemoLedger()
  let began = MonotonicClock.now()
  private let reads = Atomic<Int>(0)
  /// How long grants took from credential to output, before the controller was killed.
  private let grants = Mutex<JSONValue>(.null)

  init(
    site: DemoSite, folder: String, profiles: String, told: @escaping @Sendable (JSONValue) -> Void
  ) throws {
    self.site = site
    self.folder = folder
    try Files.makeDirectory("\(folder)/run")
    field = try PlayedField(site: site.description, runDirectory: "\(folder)/run", freePorts: true)
    try Files.write(Array(site.text(ports: field.ports).utf8), to: "\(folder)/site.json5")
    try DemoClock.vouch(stateDirectory: "\(folder)/state", gateway: site.description.gateway.id)
    controller = try DemoController(folder: folder, profiles: profiles)
    chronicle = DemoChronicle(runDirectory: "\(folder)/run", told: told)
  }

  var runDirectory: String { "\(folder)/run" }

  /// Seconds since the demo began.
  var elapsed: Double { Double(MonotonicClock.now() - began) / 1e9 }

  /// A transport of the calling thread's own.
  func transport() -> SocketTransport { SocketTransport(runDirectory: runDirectory, patience: 5_000) }

  /// Keeps the figures that the controller forgets when it is killed.
  func measureGrants() {
    let status = try? transport().ask("status")
    grants.withLock { $0 = status?["event_to_output_us"] ?? .null }
  }

  var grantTimes: JSONValue { grants.withLock { $0 } }

  // MARK: Reads

  struct Answer {
    var decision: String
    var reason: String
  }

  /// Tells the controller of a reading, as a companion does.
  func read(
    _ reader: String, _ credential: String, confidence: Double? = nil
  ) throws(DemoFault) -> Answer {
    let number = reads.wrappingAdd(1, ordering: .relaxed).newValue
    let request = IngressRequest(
      id: "d\(number)", reader: reader, credential: credential, confidence: confidence,
      track: "demo-\(number)")
    do {
      let line = try LineExchange.ask(
        path: "\(runDirectory)/ingress.sock", line: request.encoded(), milliseconds: 3_000)
      let reply = try JSONValue.parse(line)
      if let error = reply["error"]?.stringValue { throw DemoFault("\(reader): \(error)") }
      return Answer(
        decision: reply["decision"]?.stringValue ?? "", reason: reply["reason"]?.stringValue ?? "")
    } catch {
      throw DemoFault("\(reader): \(error)")
    }
  }

  func expect(
    _ reader: String, _ credential: String, confidence: Double? = nil, _ reasons: String...
  ) throws(DemoFault) {
    let answer = try read(reader, credential, confidence: confidence)
    guard reasons.contains(answer.reason) else {
      throw DemoFault(
        "\(credential) at \(reader): \(answer.reason), not \(reasons.joined(separator: " or "))")
    }
  }

  // MARK: Waiting

  /// Looks at the plant until it is as wanted.
  func awaitPlant(
    _ what: String, seconds: Double, _ wanted: @Sendable (Plant) -> Bool
  ) throws(DemoFault) {
    let deadline = MonotonicClock.now() + UInt64(seconds * 1e9)
    while !field.withPlant({ wanted($0) }) {
      guard MonotonicClock.now() < deadline else { throw DemoFault("\(what): not within \(seconds) s") }
      MonotonicClock.sleep(milliseconds: 10)
    }
  }

  func awaitRecord(
    _ what: String, since mark: Int, seconds: Double, _ fits: (JSONValue) -> Bool
  ) throws(DemoFault) {
    guard chronicle.await(since: mark, milliseconds: UInt64(seconds * 1_000), fits) != nil else {
      throw DemoFault("no record of \(what) within \(seconds) s")
    }
  }

  /// Waits for the car at a point to be read, and gives the answer of the camera's controller.
  func awaitSighting(at point: PointIndex, seconds: Double) throws(DemoFault) {
    try awaitPlant("a car before the camera of \(site.name(point))", seconds: seconds) { plant in
      (plant.lane(point)?.lane.fronts.last ?? -9) >= -4
    }
  }
}

extension JSONValue {
  func has(_ key: String, _ text: String) -> Bool { self[key]?.stringValue == text }
}
