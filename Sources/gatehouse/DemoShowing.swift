import ControlCore
import Messages
import Platform
import Shell
import Simulation
import Site
import Synchronization

/// How the demo is seen: a live drawing on a terminal, else lines for people or for programs.
final class DemoShowing: Sendable {
  enum Style: Sendable {
    case live(unicode: Bool)
    case lines
    case json
  }

  private let style: Style
  private let banner = Mutex("")
  private let newest = Mutex<[String]>([])
  private let stopping = Atomic<Bool>(false)

  init(style: Style) {
    self.style = style
  }

  /// What is about to be shown.
  func announce(_ text: String) {
    banner.withLock { $0 = text }
    switch style {
    case .live: break
    case .lines: StandardOutput.write("* \(text)")
    case .json: StandardOutput.write(JSONValue.object([("act", .string(text))]).text)
    }
  }

  /// A new record of the log.
  func tell(_ record: JSONValue) {
    switch style {
    case .live: newest.withLock { $0 = $0.suffix(11) + [RecordText.line(record, brief: true)] }
    case .lines: StandardOutput.write("  \(RecordText.line(record, width: TextTable.width - 2, brief: true))")
    case .json: StandardOutput.write(JSONValue.object([("record", record)]).text)
    }
  }

  // MARK: The live drawing

  /// Nil where nothing is drawn.
  func start(_ stage: DemoStage) throws(SystemError) -> PlatformThread? {
    guard case .live(let unicode) = style else { return nil }
    StandardOutput.writeRaw(LiveView.enter)
    return try PlatformThread.start(name: "screen") {
      self.draw(stage, LiveView(unicode: unicode, color: true))
    }
  }

  func stop() {
    stopping.store(true, ordering: .relaxed)
  }

  private func draw(_ stage: DemoStage, _ view: LiveView) {
    let transport = SocketTransport(runDirectory: stage.runDirectory, patience: 500)
    var status = JSONValue.null
    var round = 0
    while !stopping.load(ordering: .relaxed) {
      if round % 3 == 0 { status = (try? transport.ask("status")) ?? .null }
      StandardOutput.writeRaw(view.frame(scene(stage, status)))
      round += 1
      MonotonicClock.sleep(milliseconds: 100)
    }
    StandardOutput.writeRaw(LiveView.leave)
  }

  private func scene(_ stage: DemoStage, _ status: JSONValue) -> LiveScene {
    var scene = LiveScene()
    let site = stage.site.description
    scene.title = " Gatehouse \(site.gateway.id) at \(site.gateway.site)"
    scene.clock = "\(Int(stage.elapsed)) s "
    scene.banner = banner.withLock { $0 }
    scene.decisions = newest.withLock { $0 }
    scene.footer = footer(status)
    let states = status["points"]?.arrayValue ?? []
    stage.field.withPlant { plant in
      for place in site.pointNames.indices {
        let state = states.first { $0.has("name", site.pointNames[place]) }?["state"]?.stringValue ?? "-"
        add(PointIndex(place), site, state, plant, &scene)
      }
    }
    return scene
  }

  private func add(
    _ point: PointIndex, _ site: SiteDescription, _ state: String, _ plant: Plant, _ scene: inout LiveScene
  ) {
    let name = site.pointNames[point.position]
    if let door = plant.door(point) {
      scene.doors.append(
        LiveScene.Door(name: name, state: state, isOpen: door.isOpen, isUnlocked: door.isUnlocked))
    } else if let lane = plant.lane(point) {
      let isGate = if case .gate = site.control.points[point.position] { true } else { false }
      let cars = zip(lane.lane.vehicles, lane.lane.fronts).map { vehicle, front in
        LiveScene.Car(plate: vehicle.plate, front: front, length: vehicle.length)
      }
      scene.lanes.append(
        LiveScene.Lane(
          name: name, state: state, position: lane.drive.position, cars: cars,
          approachCovered: lane.lane.onApproach, loopCovered: lane.lane.onLoop, isGate: isGate))
    }
  }

  private func footer(_ status: JSONValue) -> String {
    guard !status.isNull else { return "the controller is down" }
    let late = status["loop"]?["lateness_us"]
    func microseconds(_ key: String) -> String {
      Quantities.time(microseconds: late?[key]?.integerValue ?? 0)
    }
    let journal = status["journal"]
    return "scan late p50 \(microseconds("p50")) p99 \(microseconds("p99")) max \(microseconds("max"))"
      + " | log \(journal?["last"]?.integerValue ?? 0) records, \(journal?["depth"]?.integerValue ?? 0) wait for HQ"
  }
}
