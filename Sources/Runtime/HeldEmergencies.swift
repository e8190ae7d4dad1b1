import ControlCore
import Platform

/// Which emergency plans hold, real or as a drill: what must outlive a controller, and the machine.
///
/// One bit a plan, so that the scan tells all of it with one store.
struct HeldEmergencies: Equatable, Sendable {
  private(set) var active: UInt16 = 0
  private(set) var drill: UInt16 = 0
  /// An input has called for it: such a plan may end by itself, where the site says so.
  private(set) var called: UInt16 = 0

  init() {}

  /// - Parameter word: as ``word`` made it; nil where nobody has told yet.
  init?(word: UInt64) {
    guard word & Self.told != 0 else { return nil }
    active = UInt16(truncatingIfNeeded: word)
    drill = UInt16(truncatingIfNeeded: word >> 16)
    called = UInt16(truncatingIfNeeded: word >> 32)
  }

  /// Never 0: a page of zeroes says nothing.
  var word: UInt64 { Self.told | UInt64(called) << 32 | UInt64(drill) << 16 | UInt64(active) }

  private static var told: UInt64 { 1 << 63 }

  mutating func hold(_ plan: PlanIndex, drill isDrill: Bool, called isCalled: Bool = false) {
    precondition(Limits.emergencyPlans <= UInt16.bitWidth)
    let bit = UInt16(1) << UInt16(plan.position)
    active |= bit
    if isDrill { drill |= bit }
    if isCalled { called |= bit }
  }

  func holds(_ plan: PlanIndex) -> Bool { active >> UInt16(plan.position) & 1 == 1 }

  func isDrill(_ plan: PlanIndex) -> Bool { drill >> UInt16(plan.position) & 1 == 1 }

  func isCalled(_ plan: PlanIndex) -> Bool { called >> UInt16(plan.position) & 1 == 1 }

  /// The setting with which the plans hold from the first scan on.
  func applied(to setting: ControllerSetting) -> ControllerSetting {
    var setting = setting
    for place in setting.emergencies.indices {
      setting.emergencies[place].startsActive = holds(PlanIndex(place))
      setting.emergencies[place].startsAsDrill = isDrill(PlanIndex(place))
      setting.emergencies[place].startsCalled = isCalled(PlanIndex(place))
    }
    return setting
  }
}
