import AccessPolicy
import ControlCore
import Messages
import Platform
import Site

extension DecisionThread {
  /// Asks the schedules, and orders what a door should be and is not. An untrusted clock frees no door.
  mutating func lookAfterDoors(now: Instant) {
    guard !doors.doors.isEmpty, now >= doors.nextLook else { return }
    doors.nextLook = now + RuntimeLimits.doorLook
    let wall = WallClock.milliseconds()
    for place in doors.doors.indices {
      look(place, wall: wall)
      order(place, now: now)
    }
    publishDoors()
  }

  private mutating func look(_ place: Int, wall: Int64) {
    let door = doors.doors[place]
    let modes = door.use.modes
    let isTrusted = status.clock != .untrusted
    var moment = DoorUse.Moment(isTrusted: isTrusted)
    if isTrusted {
      moment.free = modes.free.map { policy.covers($0.schedule, at: wall) } ?? false
      moment.office = modes.office.map { policy.covers($0.schedule, at: wall) } ?? false
      moment.propped = modes.propped.map { policy.covers($0, at: wall) } ?? false
    }
    moment.isLockedDown = ports.snapshot.read { $0.points[door.point.position].lockedDown }
    let before = door.use.period
    var use = door.use
    use.look(moment, stored: { stored(door, wall: wall) })
    doors.doors[place].use = use
    guard use.period != before else { return }
    doors.doors[place].periodAt = wall
    if before == .unknown, let stored = door.stored, stored.period == use.period {
      doors.doors[place].periodAt = stored.at
    }
  }

  /// What the file told, where the schedule has held from then until now.
  private borrowing func stored(_ door: DoorDesk.Door, wall: Int64) -> DoorUse.Period? {
    guard let stored = door.stored, let free = door.use.modes.free, stored.at <= wall else { return nil }
    // A week of minutes has seen every day of the schedule.
    var minute = max(stored.at, wall - 8 * 86_400_000)
    while minute < wall {
      guard policy.covers(free.schedule, at: minute) else { return nil }
      minute += 60_000
    }
    return stored.period
  }

  private mutating func order(_ place: Int, now: Instant) {
    let door = doors.doors[place]
    guard now >= door.nextOrder else { return }
    let (status, maintained) = ports.snapshot.read { ($0.points[door.point.position], $0.inMaintenance) }
    let isHeldBack = status.lockedDown || status.released || status.outOfService || maintained
    let access = door.use.access
    if access != status.access, access == .controlled || !isHeldBack {
      post(.setAccess(door.point, access), place, now)
    }
    let isPropped = door.use.isPropped
    if isPropped != status.isPropped, !isPropped || !isHeldBack {
      post(.setPropped(door.point, isPropped), place, now)
    }
  }

  private mutating func post(_ action: Command.Action, _ place: Int, _ now: Instant) {
    doors.doors[place].nextOrder = now + RuntimeLimits.doorPatience
    let command = Command(
      action, token: ports.commands.nextToken(), issued: now, expires: now + RuntimeLimits.commandLife)
    _ = ports.commands.post(command)
  }

  // MARK: What happens at a door

  /// Somebody went through: the first one of the schedule opens it for all.
  mutating func firstPerson(_ event: Event) {
    guard event.passage != 0, let place = doors.place(of: event.point), doors.doors[place].use.passed() else {
      return
    }
    doors.doors[place].periodAt = WallClock.milliseconds()
    doors.doors[place].reason = [("why", "first-person")]
    if let grant = passages[event.passage] {
      doors.doors[place].reason.append(("credential", .string(grant.credential)))
    }
    changed(place)
  }

  /// A granted credential, shown for the second time within the window, latches the door or lets it go.
  mutating func office(_ presentation: Presentation, _ decision: AccessDecision, _ list: ListSnapshot) {
    let point = site.policy.readers[presentation.reader.position].point
    guard let place = doors.place(of: point), let office = doors.doors[place].use.modes.office,
      decision.isGrant, let read = try? presentation.credential.get()
    else { return }
    var isEntitled: Bool?
    if !decision.isRepeat {
      isEntitled = office.groups.isEmpty || policy.isMember(decision, of: office.groups, list: list)
    }
    guard
      doors.doors[place].isShownTwice(
        read, at: presentation.received, within: office.window, isEntitled: isEntitled),
      doors.doors[place].use.shownTwice()
    else { return }
    doors.doors[place].reason = [("why", "double-presentation"), ("credential", .string("\(read)"))]
    changed(place)
  }

  /// A person begins or ends the free access of the present period.
  mutating func free(_ order: Order, _ point: PointIndex, _ on: Bool) {
    guard let place = doors.place(of: point) else {
      return finish(order, outcome: "refused", error: "the door has no free_access")
    }
    if let fault = doors.doors[place].use.order(on) {
      return finish(order, outcome: "refused", error: fault)
    }
    doors.doors[place].periodAt = WallClock.milliseconds()
    doors.doors[place].reason = [("why", "order"), ("user", .string(order.person.name))]
    finish(order, outcome: "accepted", error: nil)
    changed(place)
  }

  private mutating func changed(_ place: Int) {
    doors.doors[place].nextOrder = .zero
    order(place, now: Instant(nanoseconds: MonotonicClock.now()))
    publishDoors()
  }

  /// The record of a mode that began or ended, with who and why.
  mutating func tellMode(_ event: Event) {
    guard var record = writer.record(of: event) else { return }
    guard let place = doors.place(of: event.point) else {
      desk.submit(record)
      return
    }
    switch event.kind {
    case .freeAccessEnded: doors.doors[place].use.ended(.free, event.cause)
    case .officeModeEnded: doors.doors[place].use.ended(.office, event.cause)
    default: break
    }
    doors.doors[place].nextOrder = Instant(nanoseconds: MonotonicClock.now()) + RuntimeLimits.doorLook
    var detail = record.detail.objectValue ?? []
    let isPropping = event.kind == .propped || event.kind == .proppedEnded
    let reason = doors.doors[place].reason
    if event.cause == .none, !isPropping, !reason.isEmpty {
      detail += reason
      doors.doors[place].reason = []
    } else if event.cause == .none {
      let why = isPropping && status.clock != .untrusted ? "schedule" : doors.doors[place].use.why
      detail.append(("why", .string(why)))
    }
    record.detail = .object(detail)
    desk.submit(record)
    publishDoors()
  }

  private mutating func publishDoors() {
    var periods: [String: StoredPeriod] = [:]
    var words: [Int: String] = [:]
    for door in doors.doors {
      words[door.point.position] = door.use.why
      let name = site.pointNames[door.point.position]
      if door.use.period == .unknown {
        periods[name] = door.stored
      } else if door.use.period.stored != nil {
        periods[name] = StoredPeriod(period: door.use.period, at: door.periodAt)
      }
    }
    status.tellDoors(periods, words)
  }
}
