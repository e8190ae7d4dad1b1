import ControlCore

/// A controller with its images on a clock of 1 ms, driven by hand.
final class Rig {
  private var controller: Controller
  var image = InputImage()
  private(set) var outputs = OutputImage()
  private var buffer = EventBuffer()
  private(set) var now = Instant(nanoseconds: 1_000_000_000)
  /// Every event since the start or the last ``forget()``.
  private(set) var log: [Event] = []
  private var waiting: [Command] = []
  /// When a person's order to close each point, for as long as it is ordered, was last obeyed.
  private(set) var heldClosed: [Int: Instant] = [:]
  private var token: UInt64 = 0
  let setting: ControllerSetting
  /// What moves the plant; called before every scan.
  var plant: ((Rig) -> Void)?
  /// Called after every scan.
  var afterScan: ((Rig) -> Void)?

  init(_ setting: ControllerSetting) {
    self.setting = setting
    controller = Controller(setting: setting)
  }

  func scan(after milliseconds: UInt64 = 1) {
    plant?(self)
    now = now + .milliseconds(milliseconds)
    let commands = waiting
    waiting = []
    controller.step(image, commands: commands.span, now: now, outputs: &outputs, events: &buffer)
    for position in 0..<buffer.count { log.append(buffer[position]) }
    noteHolds(commands)
    afterScan?(self)
  }

  private func noteHolds(_ commands: [Command]) {
    for command in commands {
      guard case .hold(let point, let way) = command.action else { continue }
      if way == .letGo { heldClosed[point.position] = nil }
      let isAccepted = log.contains { $0.kind == .accepted && $0.token == command.token }
      if way == .close && isAccepted { heldClosed[point.position] = now }
    }
  }

  func run(_ milliseconds: Int) {
    for _ in 0..<milliseconds { scan() }
  }

  func set(_ input: Int, _ level: Bool, _ quality: Quality = .good) {
    image.set(InputIndex(input), level, quality: quality)
  }

  func lose(_ input: Int) {
    image.quality[input] = .bad
  }

  /// Takes part in the next scan; returns its token.
  @discardableResult
  func order(_ action: Command.Action, issued: Instant? = nil, expires: Instant? = nil) -> UInt64 {
    token += 1
    let issued = issued ?? now
    waiting.append(Command(action, token: token, issued: issued, expires: expires ?? now + .seconds(5)))
    return token
  }

  func grant(_ passage: UInt64, at point: Int = 0, side: Side = .in, extended: Bool = false) {
    order(.grant(PointIndex(point), Grant(passage: passage, side: side, extended: extended)))
  }

  func forget() {
    log = []
  }

  subscript(output: Int) -> Bool { outputs[OutputIndex(output)] }

  func status(_ point: Int = 0) -> PointStatus { controller.status(of: PointIndex(point)) }
  func wear(_ point: Int = 0) -> PointWear { controller.wear(of: PointIndex(point)) }
  func operations(_ output: Int) -> UInt32 { controller.operations(of: OutputIndex(output)) }
  func emergency(_ plan: Int = 0) -> (active: Bool, drill: Bool) { controller.emergency(PlanIndex(plan)) }
  func plan(_ plan: Int = 0) -> PlanStatus { controller.status(of: PlanIndex(plan)) }
  func sensed(_ input: Int) -> (level: Bool, quality: Quality) { controller.sensed(InputIndex(input)) }
  var inMaintenance: Bool { controller.inMaintenance }

  /// The events as words: `refused(stale)`, `passage`. How points react to a plan is told apart.
  var words: [String] { log.filter { !Rig.isReaction($0) }.map(Rig.word) }

  static func isReaction(_ event: Event) -> Bool {
    event.kind == .pointReacted || event.kind == .pointNotReacted
  }

  static func word(_ event: Event) -> String {
    event.cause == .none ? "\(event.kind)" : "\(event.kind)(\(event.cause))"
  }

  func first(_ kind: Event.Kind) -> Event? { log.first { $0.kind == kind } }
  func count(_ kind: Event.Kind) -> Int { log.count { $0.kind == kind } }
}
