import Glibc
import AccessPolicy
import ControlCore
import Messages
import Platform
import Simulation
import Site

/// `gatehouse-sim field`: the plant in real time, with a person at the keyboard.
enum FieldRun {
  static func run(_ arguments: [String]) throws -> Int32 {
    let options = try ProgramOptions(arguments, valued: ["--site", "--run", "--hardware"])
    let site = try SimulationProgram.site(options.required("--site"), profiles: options["--hardware"])
    let runDirectory = options["--run"] ?? "/run/gatehouse"
    let field = try PlayedField(site: site, runDirectory: runDirectory)
    for (place, bus) in site.buses.enumerated() {
      if let port = field.ports[place] { Self.say("bus \(bus.name) listens on port \(port)") }
    }
    Self.say(FieldOrders.help)
    let orders = FieldOrders(site: site, field: field)
    var camera = Camera(site: site, socket: "\(runDirectory)/ingress.sock")
    var framer = LineFramer()
    var isOpen = true
    let signals = SignalWait([SIGINT, SIGTERM])
    while signals.next(milliseconds: isOpen ? 0 : 100) == nil {
      for sighting in field.withPlant({ $0.takeSightings() }) { Self.say(camera.show(sighting)) }
      guard isOpen, try Poll.wait(0, for: .read, milliseconds: 100) else { continue }
      let bytes = standardInput()
      isOpen = !bytes.isEmpty
      framer.feed(bytes)
      while let line = framer.next() {
        guard case .line(let bytes) = line else { continue }
        if let answer = orders.obey(String(decoding: bytes, as: UTF8.self)) { Self.say(answer) }
      }
    }
    return 0
  }

  /// At once, also into a pipe.
  private static func say(_ line: String) {
    let bytes = Array((line + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(1, $0.baseAddress, $0.count) }
  }

  private static func standardInput() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe read(0, &buffer, buffer.count)
    return Array(buffer.prefix(max(0, count)))
  }
}

/// The camera of each point: tells the controller the plate that it sees.
struct Camera {
  let site: SiteDescription
  let socket: String
  private var number = 0

  init(site: SiteDescription, socket: String) {
    self.site = site
    self.socket = socket
  }

  mutating func show(_ sighting: Plant.Sighting) -> String {
    let point = site.pointNames[sighting.point.position]
    let plate = sighting.vehicle.plate
    guard let reader = site.policy.readers.first(where: { $0.point == sighting.point && $0.kind == .plate })
    else {
      return "\(point): \(plate) comes, and no camera sees it"
    }
    number += 1
    let request = IngressRequest(
      id: "c\(number)", reader: reader.name, credential: "plate:\(plate)",
      confidence: sighting.vehicle.confidence,
      track: "field-\(MonotonicClock.now())")
    do {
      let line = try LineExchange.ask(path: socket, line: request.encoded(), milliseconds: 2_000)
      return "\(reader.name): \(plate): \(String(decoding: line, as: UTF8.self))"
    } catch {
      return "\(reader.name): \(plate): \(error)"
    }
  }
}
