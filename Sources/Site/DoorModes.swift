public import ControlCore

/// What schedules make of one door; nothing, where the point has no such keys or is no door.
public struct DoorModes: Sendable, Equatable {
  /// Unlocked for all while the schedule says so.
  public struct FreeAccess: Sendable, Equatable {
    /// The place in the policy's schedules.
    public var schedule: Int
    /// It begins with the first granted passage within the schedule.
    public var firstPerson: Bool
    /// It also begins where its start was missed: the controller was off, or its clock not trusted.
    public var lateStart: Bool

    public init(schedule: Int, firstPerson: Bool = false, lateStart: Bool = false) {
      self.schedule = schedule
      self.firstPerson = firstPerson
      self.lateStart = lateStart
    }
  }

  /// Latched open by showing the same credential twice, until it is shown twice again or the schedule ends.
  public struct Office: Sendable, Equatable {
    public var schedule: Int
    /// The places of the groups whose members may; empty: whoever may pass.
    public var groups: [Int]
    /// The second reading comes within this time after the first.
    public var window: Interval

    public init(schedule: Int, groups: [Int] = [], window: Interval = .seconds(3)) {
      self.schedule = schedule
      self.groups = groups
      self.window = window
    }
  }

  public var free: FreeAccess?
  public var office: Office?
  /// The schedule in which it may stand open without an alarm.
  public var propped: Int?

  public init(free: FreeAccess? = nil, office: Office? = nil, propped: Int? = nil) {
    self.free = free
    self.office = office
    self.propped = propped
  }

  public var isEmpty: Bool { free == nil && office == nil && propped == nil }
}
