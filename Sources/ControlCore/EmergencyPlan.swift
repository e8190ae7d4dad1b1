/// One emergency plan at work; its points are bits.
struct EmergencyPlan {
  private var inputs = InlineArray<8, InputIndex>(repeating: InputIndex(0))
  private(set) var inputCount = 0
  let isFire: Bool
  let lostCounts: Bool
  let after: Interval
  let untilInput: Bool
  /// A point stands in at most one of these.
  let release: UInt64
  let holdOpen: UInt64
  let lock: UInt64
  private(set) var outputCount = 0

  var status = PlanStatus()
  /// An input calls for the plan since; nil while none does.
  var callSince: Instant?
  /// It has called for long enough, in the last scan.
  var calls = false
  /// Points whose reaction is waited for.
  var waiting: UInt64 = 0

  init() {
    self.init(EmergencySetting(), doors: 0)
  }

  /// - Parameter doors: the doors and turnstiles among the points: to hold one open is to release it.
  init(_ setting: EmergencySetting, doors: UInt64) {
    isFire = setting.kind == .fire
    lostCounts = setting.lostCounts
    after = setting.after
    untilInput = setting.untilInput
    let held = Self.bits(setting.holdOpen)
    release = Self.bits(setting.release) | held & doors
    holdOpen = held & ~doors
    lock = Self.bits(setting.lock)
    status.active = setting.startsActive
    status.drill = setting.startsAsDrill
    status.called = setting.startsCalled
    for (position, input) in setting.inputs.enumerated() { inputs[position] = input }
    inputCount = setting.inputs.count
    outputCount = setting.outputs.count
  }

  private static func bits(_ points: [PointIndex]) -> UInt64 {
    points.reduce(0) { $0 | UInt64(1) << $1.raw }
  }

  var points: UInt64 { @_noLocks get { release | holdOpen | lock } }
  var isReal: Bool { @_noLocks get { status.active && !status.drill } }

  @_noLocks
  func input(_ position: Int) -> InputIndex {
    inputs[position]
  }
}
