/// One emergency plan at work; its points are bits.
struct EmergencyPlan {
  private var inputs = InlineArray<8, InputIndex>(repeating: InputIndex(0))
  private(set) var inputCount = 0
  let lostCounts: Bool
  let release: UInt64
  let lock: UInt64
  var active: Bool
  var drill: Bool
  /// An input of the plan called for it in the last scan.
  var called = false

  init() {
    lostCounts = false
    release = 0
    lock = 0
    active = false
    drill = false
  }

  init(_ setting: EmergencySetting) {
    lostCounts = setting.lostCounts
    release = setting.release.reduce(0) { $0 | UInt64(1) << $1.raw }
    lock = setting.lock.reduce(0) { $0 | UInt64(1) << $1.raw }
    active = setting.startsActive
    drill = setting.startsAsDrill
    for (position, input) in setting.inputs.enumerated() { inputs[position] = input }
    inputCount = setting.inputs.count
  }

  @_noLocks
  func input(_ position: Int) -> InputIndex {
    inputs[position]
  }
}
