import AccessPolicy
import ControlCore
import Messages
import Platform
import Shell
import Simulation
import Site

/// The demo: the real controller, a played site, a minute of its life, and what was promised of it.
struct Demo {
  let seconds: Double
  let stage: DemoStage
  let showing: DemoShowing

  /// Below it there is no time to show anything.
  static let shortest = 20.0
  /// For the last words: the controller's stop and the check of the chain.
  private static let closing = 1.0
  private static let finale = 6.5

  /// - Returns: the summary, once everything has been played.
  func play() throws -> DemoSummary {
    let signals = SignalWait([2, 15])
    try stage.controller.awaitReady(milliseconds: 10_000)
    let chronicle = try stage.chronicle.start()
    try importList()
    let screen = try showing.start(stage)
    let isWhole = try perform(signals)
    let last = try? stage.transport().ask("status")
    showing.stop()
    screen?.join()
    stage.chronicle.stop()
    chronicle.join()
    let ending = stage.controller.stop()
    stage.field.stop()
    return DemoSummary(stage: stage, isWhole: isWhole, status: last, ending: ending)
  }

  private func importList() throws {
    let path = "\(stage.folder)/demo.csv"
    let transport = stage.transport()
    let console = Console(json: true) { _ in }
    func imported(_ file: String, _ more: [String]) throws(ShellFault) {
      let (verb, rest) = try VerbTable(Verb.listing).find(["list", "import", file] + more)
      let call = Call(
        words: try ParsedWords(rest, for: verb), transport: transport, console: console,
        runDirectory: stage.runDirectory)
      _ = try verb.run(call)
    }
    try imported(stage.site.list, [])
    if stage.site.hasClosedGroup {
      try Files.write(Array(DemoCast.rows.utf8), to: path)
      try imported(path, ["--merge"])
    }
  }

  // MARK: Acts

  /// False where a signal ended it early.
  private func perform(_ signals: SignalWait) throws -> Bool {
    let stage = self.stage
    let site = stage.site
    let fire = seconds >= 28 ? DemoScene.fire(site.description) : nil
    let dangers = (fire == nil ? 0 : DemoScene.fireSeconds) + DemoScene.killSeconds
    let wire = seconds >= 40 ? contact(site) : nil
    let tail =
      dangers + Self.closing + (seconds >= 40 ? Self.finale : 0) + (wire == nil ? 0 : DemoScene.wireSeconds)
    showing.announce("cars and people come and go: granted, denied, held, forced, in the way")
    try performInParallel(day(site), until: seconds - tail)
    guard signals.next(milliseconds: 0) == nil else { return false }
    if let fire {
      showing.announce("fire: everything opens and stays so until a person resets")
      DemoScene.fireReleases(fire.plan, fire.input).perform(stage)
    } else {
      stage.ledger.settle("fire opens everything until a person resets", .leftOut)
    }
    stage.measureGrants()
    showing.announce("kill -9 to the controller: the guard makes the outputs safe")
    DemoScene.killed(door: site.door, reader: site.door.flatMap { site.reader($0, .card) }).perform(stage)
    if let wire {
      showing.announce("a wire comes loose: the status names it")
      DemoScene.looseWire(wire).perform(stage)
    } else {
      stage.ledger.settle("a loose wire is the first thing that the status names", .leftOut)
    }
    showing.announce("the controller is back and decides as before")
    if let lane = site.lane(.in), let camera = site.reader(lane, .plate) {
      DemoScene.perform(
        [DemoScene.afterRestart(lane, camera: camera)], on: stage, until: seconds - Self.closing + 0.5)
    }
    return signals.next(milliseconds: 0) == nil
  }

  private func contact(_ site: DemoSite) -> InputIndex? {
    guard let point = site.door, case .door(let door) = site.description.control.points[point.position] else {
      return nil
    }
    return door.contact
  }

  /// A plan that locks the door and waits for no input.
  private func lockdown(of door: PointIndex, _ site: DemoSite) -> String? {
    let plans = site.description.control.emergencies
    return plans.indices.first { plans[$0].inputs.isEmpty && plans[$0].lock.contains(door) }
      .map { site.description.planNames[$0] }
  }

  /// A plan that opens this point and no other.
  private func opening(only point: PointIndex, _ site: DemoSite) -> Int? {
    let plans = site.description.control.emergencies
    return plans.indices.first {
      plans[$0].kind != .fire && plans[$0].release + plans[$0].holdOpen == [point]
    }
  }

  /// The scenes of each point, which go on beside each other.
  private func day(_ site: DemoSite) -> [[DemoScene]] {
    var scripts: [[DemoScene]] = []
    if let lane = site.lane(.in), let camera = site.reader(lane, .plate) {
      scripts.append(DemoScene.entering(lane, camera: camera))
    }
    if let lane = site.lane(.out), let camera = site.reader(lane, .plate) {
      scripts.append(
        DemoScene.leaving(
          lane, camera: camera, hasClosedGroup: site.hasClosedGroup, plan: opening(only: lane, site)))
    }
    if let door = site.door, let reader = site.reader(door, .card) {
      scripts.append(
        (site.hasClosedGroup ? [DemoScene.unaccompanied(reader: reader)] : [])
          + DemoScene.door(door, reader: reader)
          + DemoScene.refusals(door, reader: reader, plan: lockdown(of: door, site)))
    }
    if let gate = site.gate, let camera = site.reader(gate, .plate) {
      scripts.append(DemoScene.yard(gate, camera: camera))
    }
    return scripts
  }

  private func performInParallel(_ scripts: [[DemoScene]], until end: Double) throws {
    let stage = self.stage
    let threads = try scripts.map { scenes in
      try PlatformThread.start(name: "scene") { DemoScene.perform(scenes, on: stage, until: end) }
    }
    for thread in threads { thread.join() }
  }
}
