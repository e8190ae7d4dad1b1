import ControlCore
import Site

/// What the schedules and the people ask of one door, and what became of it. It knows no clock and gives no order.
struct DoorUse {
  /// The present period of free access.
  enum Period: Equatable, Sendable {
    /// Not looked at yet since the start: the clock was not trusted so far.
    case unknown
    case outside
    /// For the first granted passage.
    case waiting
    /// The start of the period was not seen, and it does not begin late.
    case missed
    case begun
    /// By a lockdown or by a person, until the next period.
    case ended(by: String)
  }

  /// What stands now; the schedules of this instant are asked only where the clock is trusted.
  struct Moment {
    var isTrusted: Bool
    var free = false
    var office = false
    var propped = false
    var isLockedDown = false
  }

  let modes: DoorModes
  private(set) var period = Period.unknown
  /// Somebody has latched it.
  private(set) var isLatched = false
  /// A lockdown ended it; until the schedule is over.
  private var proppedEnded = false
  private var moment = Moment(isTrusted: false)

  init(_ modes: DoorModes) {
    self.modes = modes
  }

  // MARK: What happens

  /// - Parameter stored: what held in the same period before the start, asked once; nil: nothing is known of it.
  mutating func look(_ moment: Moment, stored: () -> Period?) {
    self.moment = moment
    if moment.isLockedDown || !moment.isTrusted || !moment.office { isLatched = false }
    if moment.isLockedDown { proppedEnded = true }
    guard moment.isTrusted else { return }
    if !moment.propped { proppedEnded = false }
    if moment.free { enter(stored) } else { period = .outside }
    if moment.isLockedDown && period == .begun { period = .ended(by: "lockdown") }
  }

  private mutating func enter(_ stored: () -> Period?) {
    let first: Period = modes.free?.firstPerson == true ? .waiting : .begun
    switch period {
    case .outside: period = first
    case .unknown: period = stored() ?? (modes.free?.lateStart == true || first == .waiting ? first : .missed)
    case .waiting, .missed, .begun, .ended: return
    }
  }

  /// Somebody with a grant went through. True where the free access begins with it.
  mutating func passed() -> Bool {
    guard period == .waiting, moment.isTrusted, moment.free, !moment.isLockedDown else { return false }
    period = .begun
    return true
  }

  /// The same credential twice. True where that latched the door or let it go.
  mutating func shownTwice() -> Bool {
    guard moment.isTrusted, moment.office, !moment.isLockedDown else { return false }
    isLatched.toggle()
    return true
  }

  /// A person's order. Why it cannot be followed, or nil.
  mutating func order(_ on: Bool) -> String? {
    guard modes.free != nil else { return "the door has no free_access" }
    guard on else {
      if period == .begun || period == .waiting { period = .ended(by: "order") }
      return nil
    }
    guard moment.isTrusted else { return "the clock is not trusted" }
    guard moment.free else { return "its schedule does not hold now" }
    period = .begun
    return nil
  }

  /// The machine ended a mode by itself.
  mutating func ended(_ access: DoorAccess, _ cause: Cause) {
    guard cause != .none else { return }
    if access == .office { isLatched = false }
    guard access == .free, cause == .lockdown || cause == .operatorOrder, period == .begun else { return }
    period = .ended(by: FieldNames.cause(cause))
  }

  // MARK: What is wanted

  var access: DoorAccess {
    guard moment.isTrusted else { return .controlled }
    if isLatched { return .office }
    return period == .begun ? .free : .controlled
  }

  var isPropped: Bool { moment.isTrusted && moment.propped && !proppedEnded }

  /// Why the access is as it is, for records and for `status`.
  var why: String {
    guard moment.isTrusted else { return "clock-untrusted" }
    if isLatched { return "double-presentation" }
    guard modes.free != nil else { return "schedule" }
    switch period {
    case .unknown, .outside, .begun: return "schedule"
    case .waiting: return "waits-for-first-person"
    case .missed: return "start-missed"
    case .ended(let by): return "ended-by-\(by)"
    }
  }
}
