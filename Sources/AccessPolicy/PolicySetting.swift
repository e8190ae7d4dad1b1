public import ControlCore

/// A day of the civil calendar, without a zone.
public struct CivilDate: Hashable, Sendable, Comparable {
  public var year: Int
  public var month: Int
  public var day: Int

  @_noLocks public init(year: Int, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  public static func < (left: Self, right: Self) -> Bool {
    (left.year, left.month, left.day) < (right.year, right.month, right.day)
  }
}

/// A stretch of a day in minutes from midnight, start included, end not; `end <= start` runs past midnight.
public struct DayPeriod: Hashable, Sendable {
  public var start: Int
  public var end: Int

  public init(start: Int, end: Int) {
    self.start = start
    self.end = end
  }
}

/// A date on which a schedule has periods of its own, whatever weekday or holiday it is.
public struct SpecialDay: Hashable, Sendable {
  public var date: CivilDate
  /// Empty: closed.
  public var periods: [DayPeriod]

  public init(date: CivilDate, periods: [DayPeriod]) {
    self.date = date
    self.periods = periods
  }
}

/// Weekly periods; `weekdays[0]` is Monday. `holidays` nil: the weekday's hold on holidays too.
public struct ScheduleSetting: Hashable, Sendable {
  public var name: String
  /// Open at every time: what `{}` in the site file says; with special days at every time of all other days.
  public var always: Bool
  public var weekdays: [[DayPeriod]]
  public var holidays: [DayPeriod]?
  /// They go before holidays and weekdays. No date twice.
  public var specialDays: [SpecialDay]

  public init(
    name: String, always: Bool, weekdays: [[DayPeriod]], holidays: [DayPeriod]?,
    specialDays: [SpecialDay] = []
  ) {
    self.name = name
    self.always = always
    self.weekdays = weekdays
    self.holidays = holidays
    self.specialDays = specialDays
  }
}

/// What a group does while the clock is not trusted.
public enum UntrustedClock: UInt8, Sendable {
  case allow
  case deny
  /// Only who may pass at every time: a schedule that is always open, and an entry without limits of time.
  case onlyAlways
}

public struct GroupSetting: Hashable, Sendable {
  public var name: String
  public var points: [PointIndex]
  /// The place in ``PolicySetting/schedules``.
  public var schedule: Int
  public var untrustedClock: UntrustedClock
  /// A lockdown does not hold its members back.
  public var passesLockdown: Bool
  /// The kinds of credential that one holder must show, the one that passes first; empty: any one is enough.
  public var factors: [CredentialKind]
  /// Two holders must show theirs.
  public var twoPerson: Bool

  public init(
    name: String, points: [PointIndex], schedule: Int, untrustedClock: UntrustedClock,
    passesLockdown: Bool = false, factors: [CredentialKind] = [], twoPerson: Bool = false
  ) {
    self.name = name
    self.points = points
    self.schedule = schedule
    self.untrustedClock = untrustedClock
    self.passesLockdown = passesLockdown
    self.factors = factors
    self.twoPerson = twoPerson
  }
}

public enum Passback: Hashable, Sendable {
  case off
  case soft
  case hard
  /// Hard for so long after the entry, then forgotten.
  case timed(Interval)
}

/// How many spaces of an area a group's members have.
public struct QuotaSetting: Hashable, Sendable {
  /// The place in ``PolicySetting/groups``.
  public var group: Int
  /// For each holder: the cars of one household; nil: not limited.
  public var ofHolder: Int?
  /// For all of the group together; nil: not limited.
  public var ofGroup: Int?

  public init(group: Int, ofHolder: Int? = nil, ofGroup: Int? = nil) {
    self.group = group
    self.ofHolder = ofHolder
    self.ofGroup = ofGroup
  }
}

public struct AreaSetting: Hashable, Sendable {
  public var name: String
  /// Nil: not counted.
  public var capacity: Int?
  public var entries: [PointIndex]
  public var exits: [PointIndex]
  public var passback: Passback
  /// The place of the area around it.
  public var within: Int?
  /// The places of groups: others are refused until one of their members is inside; empty: nobody need be first.
  public var firstIn: [Int]
  public var quotas: [QuotaSetting]

  public init(
    name: String, capacity: Int?, entries: [PointIndex], exits: [PointIndex], passback: Passback,
    within: Int? = nil, firstIn: [Int] = [], quotas: [QuotaSetting] = []
  ) {
    self.name = name
    self.capacity = capacity
    self.entries = entries
    self.exits = exits
    self.passback = passback
    self.within = within
    self.firstIn = firstIn
    self.quotas = quotas
  }
}

public enum CredentialKind: UInt8, Sendable, CaseIterable {
  case plate, card, pin, qr, face
}

public enum PlateMatch: UInt8, Sendable {
  case exact
  case tolerant
}

public struct ReaderSetting: Hashable, Sendable {
  public var name: String
  public var point: PointIndex
  public var side: Side
  public var kind: CredentialKind
  public var match: PlateMatch
  /// 0 to 1; a read below it matches nothing.
  public var minConfidence: Double
  /// The same credential again within this time on this reader is the same presence.
  public var holdOff: Interval
  /// The kinds of credential that one holder must show at its point and side, the one that passes first.
  public var factors: [CredentialKind]
  /// Two holders must show theirs.
  public var twoPerson: Bool
  /// How long the first factor, or the first of two persons, waits for the second.
  public var secondWithin: Interval
  /// Wrong PINs in a row after which it takes none for a while, and for how long.
  public var wrongTries: Int
  public var lockout: Interval

  public init(
    name: String, point: PointIndex, side: Side, kind: CredentialKind, match: PlateMatch = .exact,
    minConfidence: Double = 0, holdOff: Interval = .zero, factors: [CredentialKind] = [],
    twoPerson: Bool = false, secondWithin: Interval = .seconds(PolicyLimits.secondSeconds),
    wrongTries: Int = PolicyLimits.wrongPins, lockout: Interval = .seconds(PolicyLimits.lockoutSeconds)
  ) {
    self.name = name
    self.point = point
    self.side = side
    self.kind = kind
    self.match = match
    self.minConfidence = minConfidence
    self.holdOff = holdOff
    self.factors = factors
    self.twoPerson = twoPerson
    self.secondWithin = secondWithin
    self.wrongTries = wrongTries
    self.lockout = lockout
  }
}

/// All that the decision is told about its site. A position in an array is the index others speak of.
public struct PolicySetting: Sendable {
  public var pointNames: [String]
  public var readers: [ReaderSetting]
  public var schedules: [ScheduleSetting]
  public var holidays: [CivilDate]
  public var groups: [GroupSetting]
  public var areas: [AreaSetting]
  public var zone: ZoneRules

  public init(
    pointNames: [String], readers: [ReaderSetting], schedules: [ScheduleSetting], holidays: [CivilDate],
    groups: [GroupSetting], areas: [AreaSetting], zone: ZoneRules
  ) {
    self.pointNames = pointNames
    self.readers = readers
    self.schedules = schedules
    self.holidays = holidays
    self.groups = groups
    self.areas = areas
    self.zone = zone
  }
}
