/// Why a command was refused, a motion stopped or a fault raised.
public enum Cause: UInt8, Sendable, CaseIterable {
  case none
  // Refusals.
  case stale, outOfService, maintenance, notInMaintenance, interlock, emergency, lockdown, faultLatched
  case alreadyBusy, emergencyStopPressed, badArgument
  /// An input still calls for the plan; the plan does not hold.
  case stillCalled, notHeld
  /// A higher plan rules the point.
  case outranked
  // What holds a closing back.
  case presence, presenceUnknown, positionUnknown, obstruction, safetyEdge
  // Faults: command against feedback.
  case notStarted, tooSlow, limitStuck, bothLimits, movedByHand, obstructedTwice, closingFailedTwice
  case sensorLost, sensorStuck, outputConflict
  /// A lock's feedback: it does not hold the shut door, or does not let go of it.
  case notLocked, notUnlocked
  /// A limit left soon after the motor stopped there; a motion that no output explains; a step drive that closed
  /// when it was turned round, or that did not stop.
  case drifted, relayWelded, wrongWay, notStopped
  /// The loop detector says that it does not work.
  case detectorFault
  /// An order to hold, and no sensor has failed: an ordinary order does it.
  case sensorsWork
  // Why something opened.
  case credential, operatorOrder, exitButton, emergencyPlan, exitLoop, interruptLoop, freeAccess, officeMode
  /// A person holds a button and sees it move.
  case holdToRun
  /// The vehicle that was granted left the arming loop the way it came.
  case turnedBack
  /// Closing because the auto-close time ran out, because the passage ended, because it was ordered.
  case autoClose, passageEnded
  /// What a supervised line says of its wire.
  case wireCut, wireShort

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
}

/// Something that happened in a scan; plain data that crosses a ring.
public struct Event: Sendable, Equatable {
  public enum Kind: UInt8, Sendable, CaseIterable {
    // Answers to commands. `token` is the command's.
    case accepted, refused
    // A point's day. `passage` is the grant's number, 0 where there was none.
    case opening, opened, closing, closed
    /// Somebody went through; `side` tells which way.
    case passage
    /// A grant that nobody used was taken back.
    case noEntry
    /// Somebody went through without a grant, or a second one on one grant.
    case tailgating
    case unlocked, locked
    case exitRequested
    /// The exit button was pressed and nothing opens; `cause` tells why.
    case exitDenied
    /// A door is unlocked for all from here on, by a schedule or by whom it was latched, and no longer.
    case freeAccess, freeAccessEnded, officeMode, officeModeEnded
    /// A door may stand open without an alarm from here on, and no longer.
    case propped, proppedEnded
    case forcedOpen, heldWarning, heldOpen, heldEnded
    case tamper, tamperEnded
    /// A moving arm or leaf met something and reversed; `cause` names the sensor.
    case obstruction
    /// A motion that was wanted is held back; told once until the cause changes.
    case blocked
    case fault, faultEnded
    /// A travel from limit to limit took longer than those from which its time was learned; `value` is the travel.
    case slow
    /// A motion that a person held ended on its way; `cause` tells why.
    case stopped
    case outOfService, backInService
    // Emergency plans.
    case emergencyStarted, emergencyInputEnded, emergencyReset
    /// A drill ends here: the same plan starts in earnest.
    case drillBecameReal
    /// A plan that ends by itself has ended: its inputs are off again.
    case emergencyEnded
    case emergencySilenced
    /// A point has followed a plan, or has not in its time; `value` is the time since the plan's start.
    case pointReacted, pointNotReacted
    // Signals.
    case inputLost, inputReturned
    case maintenanceStarted, maintenanceEnded, outputTested
    /// Events that did not fit into the scan's buffer; `value` is their count.
    case overflow

    @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  }

  public var kind: Kind
  public var at: Instant
  public var point: PointIndex?
  public var plan: PlanIndex?
  public var input: InputIndex?
  public var output: OutputIndex?
  public var side: Side?
  public var cause: Cause
  public var passage: UInt64
  public var token: UInt64
  public var drill: Bool
  /// A duration in milliseconds (`opened`, `closed`, `slow`: the travel; `heldEnded`: how long; `pointReacted`) or a
  /// count.
  public var value: UInt64

  @_noLocks
  public init(
    _ kind: Kind, at: Instant, point: PointIndex? = nil, plan: PlanIndex? = nil,
    input: InputIndex? = nil, output: OutputIndex? = nil, side: Side? = nil,
    cause: Cause = .none, passage: UInt64 = 0, token: UInt64 = 0, drill: Bool = false, value: UInt64 = 0
  ) {
    self.kind = kind
    self.at = at
    self.point = point
    self.plan = plan
    self.input = input
    self.output = output
    self.side = side
    self.cause = cause
    self.passage = passage
    self.token = token
    self.drill = drill
    self.value = value
  }
}

/// The events of one scan: fixed room, nothing allocated; what does not fit is counted.
public struct EventBuffer: Sendable {
  private var slots = InlineArray<256, Event>(repeating: Event(.accepted, at: .zero))
  public private(set) var count = 0
  /// Events that found no room since the last ``removeAll()``.
  public private(set) var lost = 0

  public init() {}

  public subscript(position: Int) -> Event {
    precondition(position < count, "event buffer read past its end")
    return slots[position]
  }

  /// Whether one more can be told in full.
  var hasRoom: Bool { @_noLocks get { count < Limits.eventsOfScan - 1 } }

  @_noLocks
  public mutating func append(_ event: Event) {
    // The last place is kept for the one event that tells of the others.
    guard count < Limits.eventsOfScan - 1 else {
      lost += 1
      return
    }
    slots[count] = event
    count += 1
  }

  /// Ends the scan's telling: what found no room is told by one `overflow` event.
  @_noLocks
  mutating func seal(at now: Instant) {
    guard lost > 0 else { return }
    slots[count] = Event(.overflow, at: now, value: UInt64(lost))
    count += 1
  }

  @_noLocks
  public mutating func removeAll() {
    count = 0
    lost = 0
  }
}
