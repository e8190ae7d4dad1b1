import AccessPolicy
import ControlCore

extension SiteReader {
  /// What a door says of schedules and groups, which stand further down in the file.
  mutating func readDoorModes() {
    doorModes = pointNames.names.map { _ in DoorModes() }
    for (point, section) in doorSections {
      var modes = DoorModes()
      modes.free = section.child("free_access", .freeAccess).flatMap { readFreeAccess($0, of: point) }
      modes.office = section.child("office", .office).flatMap { readOffice($0) }
      modes.propped = section.child("propped_open", .proppedOpen).flatMap { readSchedule($0) }
      doorModes[point] = modes
      checkInterlock(of: point, modes, section)
    }
  }

  private func readSchedule(_ section: Section) -> Int? {
    section.text("schedule", required: true)
      .flatMap { scheduleNames.place(of: $0, section.path.key("schedule"), faults) }
  }

  private func readFreeAccess(_ section: Section, of point: Int) -> DoorModes.FreeAccess? {
    let firstPerson = section.flag("first_person") ?? false
    if firstPerson, case .door(let door)? = points[point], door.contact == nil {
      faults.add(
        section.path.key("first_person"),
        "waits for a passage, which nothing sees here; must be false, or inputs must have contact")
    }
    let lateStart = section.flag("late_start") ?? false
    return readSchedule(section).map {
      DoorModes.FreeAccess(schedule: $0, firstPerson: firstPerson, lateStart: lateStart)
    }
  }

  private func readOffice(_ section: Section) -> DoorModes.Office? {
    let groups = places(section.texts("groups"), in: groupNames)
    let window = section.duration("window_ms", in: SiteLimits.officeWindow)
    return readSchedule(section).map {
      DoorModes.Office(schedule: $0, groups: groups, window: window ?? .seconds(3))
    }
  }

  /// A door that stays unlocked would keep the others of its airlock shut for hours.
  private func checkInterlock(of point: Int, _ modes: DoorModes, _ section: Section) {
    guard interlocks.contains(where: { $0.points.contains(PointIndex(point)) }) else { return }
    for (key, isGiven) in [("free_access", modes.free != nil), ("office", modes.office != nil)] where isGiven
    {
      faults.add(
        section.path.key(key),
        "would keep the other points of its interlock shut; must be left out, or the interlock")
    }
  }
}
