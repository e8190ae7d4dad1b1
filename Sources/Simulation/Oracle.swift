public import ControlCore

/// Watches a controller from outside and knows what it must never do.
///
/// It sees what the controller sees (the input image, the orders) and what it does (the outputs, the events), and it
/// shares no code with it. What it says is a broken promise, with its instant.
public struct Oracle {
  let setting: ControllerSetting
  var points: [OraclePoint]
  /// Since when an input has shown a level, or bad quality.
  var inputs: [OracleInput]
  var plans: [OraclePlan]
  /// Grants accepted and not yet ended, with the instant until which they must be.
  var grants: [UInt64: Instant] = [:]
  /// Orders not yet answered.
  var orders: [UInt64: Command] = [:]
  var outputs: [Bool]
  var now = Instant.zero
  var inMaintenance = false
  /// Violations found; the first are kept as text.
  public private(set) var count = 0
  public private(set) var violations: [String] = []

  static let kept = 50

  public init(setting: ControllerSetting) {
    self.setting = setting
    points = setting.points.map { _ in OraclePoint() }
    inputs = setting.inputs.map { _ in OracleInput() }
    plans = setting.emergencies.map { _ in OraclePlan() }
    outputs = setting.outputs.map(\.safe)
  }

  mutating func say(_ text: String, point: Int? = nil) {
    count += 1
    guard violations.count < Self.kept else { return }
    let place = point.map { " at point \($0)" } ?? ""
    violations.append("\(now.nanoseconds / 1_000_000) ms\(place): \(text)")
  }

  /// The controller was killed: what it promised before is forgotten, and it may not move by itself.
  public mutating func restarted() {
    grants = [:]
    orders = [:]
    inMaintenance = false
    outputs = setting.outputs.map(\.safe)
    points = setting.points.map { _ in OraclePoint() }
    inputs = setting.inputs.map { _ in OracleInput() }
    // A plan's state is kept over a start by who runs the controller; the twin starts it quiet.
    plans = setting.emergencies.map { _ in OraclePlan() }
  }

  /// Somebody pushed an arm: it does not close by itself any more.
  public mutating func movedByHand(_ point: PointIndex) {
    points[point.position].mayClose = false
  }

  mutating func reportStruck(_ point: Int) {
    say("the arm came down on a car", point: point)
  }

  /// One scan, as seen from outside.
  public mutating func observe(
    _ image: InputImage, commands: [Command], outputs next: [Bool], events: [Event], now: Instant
  ) {
    self.now = now
    for place in inputs.indices {
      inputs[place].see(image.level[place], image.quality[place], setting.inputs[place].debounce, now)
    }
    for command in commands { orders[command.token] = command }
    followPlans(commands)
    follow(events)
    for place in setting.points.indices { watch(place, next) }
    watchInterlocks(next)
    watchFree(next)
    checkDeadlines()
    outputs = next
  }

  /// Outputs that no point owns never move by themselves; those of a plan are on only while one of its plans holds.
  private mutating func watchFree(_ next: [Bool]) {
    for place in next.indices where next[place] != setting.outputs[place].safe {
      let output = OutputIndex(place)
      if setting.points.contains(where: { $0.owns(output) }) { continue }
      let owners = setting.emergencies.indices.filter { plan in
        setting.emergencies[plan].outputs.contains { $0.output == output }
      }
      if owners.isEmpty {
        say("output \(place) left its safe level, and nobody owns it")
      } else if next[place] && !owners.contains(where: { plans[$0].active }) {
        say("output \(place) is on, and no plan of it holds")
      }
    }
  }

  private mutating func checkDeadlines() {
    for (passage, deadline) in grants where now >= deadline {
      say("grant \(passage) ended neither in a passage nor in a taking back")
      grants[passage] = nil
    }
    for token in orders.keys.sorted() {
      say("order \(token) was not answered in its scan")
      orders[token] = nil
    }
  }
}

/// An input as the controller must believe it: the level that has held for the debounce.
struct OracleInput {
  private var shown: Bool?
  private var since = Instant.zero
  /// Nil while it cannot be believed.
  private(set) var believed: Bool?
  private(set) var before: Bool?
  /// It could be believed, or should by now; not yet read is no loss.
  private(set) var isLost = false

  mutating func see(_ level: Bool, _ quality: Quality, _ debounce: Interval, _ now: Instant) {
    before = believed
    guard quality == .good else {
      if quality == .bad || believed != nil { isLost = true }
      shown = nil
      believed = nil
      return
    }
    if shown != level {
      shown = level
      since = now
    }
    guard now.since(since) >= debounce else { return }
    believed = level
    isLost = false
  }

  /// A presence sensor that is on, or that cannot be believed.
  var isPresence: Bool { believed != false }
  var isPressed: Bool { before == false && believed == true }
}

struct OraclePlan {
  var active = false
  var drill = false
  /// An input calls since; it has called for long enough; it has done so since the plan became active.
  var callSince: Instant?
  var isCalled = false
  var wasCalled = false
}

extension PointSetting {
  func owns(_ output: OutputIndex) -> Bool {
    switch self {
    case .barrier(let barrier): [barrier.raise, barrier.lower].contains(output)
    case .gate(let gate): [gate.open, gate.close, gate.stop, gate.warning].contains(output)
    case .door(let door): door.lock == output
    case .turnstile(let turnstile):
      [turnstile.releaseIn, turnstile.releaseOut, turnstile.free].contains(output)
    }
  }
}
