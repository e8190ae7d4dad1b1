import AccessPolicy
import ControlCore

extension SiteReader {
  mutating func readSchedules() {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
    for entry in file.entries(
      "schedules", of: file.root, limit: SiteLimits.schedules, kind: "a schedule")
    {
      scheduleNames.append(entry.name)
      guard let section = Section(entry.node, entry.path, .schedule, faults) else { continue }
      schedules.append(
        ScheduleSetting(
          name: entry.name, always: section.members.isEmpty,
          weekdays: days.map { readPeriods($0, section) },
          holidays: section.has("holidays") ? readPeriods("holidays", section) : nil,
          specialDays: readSpecialDays(section)))
    }
  }

  private func readPeriods(_ key: String, _ section: Section) -> [DayPeriod] {
    periods(section.texts(key), section.path.key(key))
  }

  private func periods(_ texts: [(text: String, path: KeyPath)], _ path: KeyPath) -> [DayPeriod] {
    if texts.count > SiteLimits.periodsOfDay {
      faults.add(path, "holds \(texts.count) periods; must be at most \(SiteLimits.periodsOfDay)")
    }
    return texts.compactMap { text, path in
      guard let period = Self.period(text) else {
        faults.add(path, "is '\(text)'; must be \"HH:MM-HH:MM\", like \"08:00-12:00\" or \"22:00-06:00\"")
        return nil
      }
      if period.start == period.end {
        faults.add(
          path, "is '\(text)', which is empty or a whole day; must be \"00:00-24:00\" for a whole day")
        return nil
      }
      return period
    }
  }

  /// `{ "2026-12-24": ["08:00-12:00"], "2026-12-31": [] }`
  private func readSpecialDays(_ section: Section) -> [SpecialDay] {
    guard let node = section.node("special_days") else { return [] }
    let path = section.path.key("special_days")
    guard case .object(let members) = node else {
      section.wrong("special_days", node, "an object { \"2026-12-24\": [\"08:00-12:00\"] }")
      return []
    }
    if members.count > SiteLimits.specialDays {
      faults.add(path, "holds \(members.count) days; must be at most \(SiteLimits.specialDays)")
    }
    return members.sorted { $0.key < $1.key }.prefix(SiteLimits.specialDays + SiteLimits.excess)
      .compactMap { day, node in
        guard let date = Self.date(day) else {
          faults.add(path.key(day), "is no day of the calendar; must be \"YYYY-MM-DD\"")
          return nil
        }
        guard case .list(let list) = node else {
          faults.add(path.key(day), "is \(node.kind); must be a list of periods, [] where the day is closed")
          return nil
        }
        let texts = Section.texts(of: list, path.key(day), faults)
        return SpecialDay(date: date, periods: periods(texts, path.key(day)))
      }
  }

  /// `22:00-06:00`; `24:00` may end a period.
  static func period(_ text: String) -> DayPeriod? {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let start = minute(ends[0]), let end = minute(ends[1]), start < 1_440 else {
      return nil
    }
    return DayPeriod(start: start, end: end)
  }

  private static func minute(_ text: Substring) -> Int? {
    let bytes = Array(text.utf8)
    guard bytes.count == 5, bytes[2] == UInt8(ascii: ":"),
      [0, 1, 3, 4].allSatisfy({ (0x30...0x39).contains(bytes[$0]) })
    else { return nil }
    let digits = bytes.map { Int($0) - 0x30 }
    let hour = digits[0] * 10 + digits[1]
    let minute = digits[3] * 10 + digits[4]
    guard minute < 60, hour < 24 || (hour == 24 && minute == 0) else { return nil }
    return hour * 60 + minute
  }

  mutating func readHolidays() {
    guard let node = file.root.node("holidays") else { return }
    let path = KeyPath.root.key("holidays")
    guard case .object(let members) = node else {
      file.root.wrong("holidays", node, "an object { \"2026-10-01\": \"name\" }")
      return
    }
    if members.count > SiteLimits.holidays {
      faults.add(path, "holds \(members.count) days; must be at most \(SiteLimits.holidays)")
    }
    for (day, name) in members.sorted(by: { $0.key < $1.key }) {
      guard let date = Self.date(day) else {
        faults.add(path.key(day), "is no day of the calendar; must be \"YYYY-MM-DD\"")
        continue
      }
      if case .text = name {
        holidays.append(date)
      } else {
        faults.add(path.key(day), "is \(name.kind); must be the holiday's name in quotes")
      }
    }
  }

  /// `2028-02-29`, and nil for days that the Gregorian calendar has not.
  static func date(_ text: String) -> CivilDate? {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-") else { return nil }
    let parts = text.split(separator: "-").compactMap { Int($0) }
    guard parts.count == 3, parts.allSatisfy({ $0 >= 0 }) else { return nil }
    let (year, month, day) = (parts[0], parts[1], parts[2])
    guard year >= 1970, (1...12).contains(month) else { return nil }
    let leap = year.isMultiple(of: 4) && (!year.isMultiple(of: 100) || year.isMultiple(of: 400))
    let days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    guard (1...days).contains(day) else { return nil }
    return CivilDate(year: year, month: month, day: day)
  }

  mutating func readGroups() {
    for entry in file.entries("groups", of: file.root, limit: PolicyLimits.groups, kind: "a group") {
      groupNames.append(entry.name)
      guard let section = Section(entry.node, entry.path, .group, faults) else { continue }
      let reached = places(section.texts("points", required: true), in: pointNames)
      let schedule = section.text("schedule", required: true)
        .flatMap { scheduleNames.place(of: $0, section.path.key("schedule"), faults) }
      let untrusted = section.choice(
        "untrusted_clock", ["allow": UntrustedClock.allow, "deny": .deny, "only_always": .onlyAlways])
      let company = readCompany(section)
      groups.append(
        GroupSetting(
          name: entry.name, points: reached.map { PointIndex($0) }, schedule: schedule ?? 0,
          untrustedClock: untrusted ?? .allow, passesLockdown: section.flag("passes_lockdown") ?? false,
          factors: company.factors, twoPerson: company.twoPerson ?? false))
    }
  }

  mutating func readAreas() {
    let entries = file.entries("areas", of: file.root, limit: Limits.areas, kind: "an area")
    let names = entries.map(\.name)
    for entry in entries {
      guard let section = Section(entry.node, entry.path, .area, faults) else { continue }
      let capacity = section.integer("capacity", in: SiteLimits.capacity)
      let entries = places(section.texts("entries", required: true), in: pointNames)
      let exits = places(section.texts("exits"), in: pointNames)
      areas.append(
        AreaSetting(
          name: entry.name, capacity: capacity, entries: entries.map { PointIndex($0) },
          exits: exits.map { PointIndex($0) }, passback: readPassback(section),
          within: readWithin(section, names),
          firstIn: places(section.texts("first_in"), in: groupNames), quotas: readQuotas(section)))
      if capacity != nil, exits.isEmpty, section.has("entries"), !section.has("exits") {
        faults.add(section.path.key("exits"), "is missing; must name a point, or the area fills for ever")
      }
    }
  }

  private func readWithin(_ section: Section, _ names: [String]) -> Int? {
    guard let name = section.text("within") else { return nil }
    guard let place = names.firstIndex(of: name) else {
      let advice = NearestName.advice(name, in: names, none: "the site has no other area")
      faults.add(section.path.key("within"), "there is no area '\(name)'; \(advice)")
      return nil
    }
    return place
  }

  /// `{ residents: { holder: 2 }, acme: { group: 40 } }`
  private func readQuotas(_ section: Section) -> [QuotaSetting] {
    guard let node = section.node("quotas") else { return [] }
    let path = section.path.key("quotas")
    guard case .object(let members) = node else {
      section.wrong("quotas", node, "an object { GROUP: { holder: 2 } }")
      return []
    }
    return members.sorted { $0.key < $1.key }.compactMap { name, node in
      guard let group = groupNames.place(of: name, path.key(name), faults),
        let quota = Section(node, path.key(name), .quota, faults)
      else { return nil }
      let holder = quota.integer("holder", in: SiteLimits.capacity)
      let together = quota.integer("group", in: SiteLimits.capacity)
      if !quota.has("holder"), !quota.has("group") {
        faults.add(quota.path, "limits nothing; must have holder (spaces of each holder) or group (of all)")
      }
      return QuotaSetting(group: group, ofHolder: holder, ofGroup: together)
    }
  }

  /// Areas in one another must end somewhere, and no more groups are counted than there is room for.
  func checkAreas() {
    for (place, area) in areas.enumerated() {
      var seen: Set<Int> = [place]
      var next = area.within
      while let outer = next, areas.indices.contains(outer) {
        guard seen.insert(outer).inserted else {
          faults.add(
            KeyPath.root.key("areas").key(area.name).key("within"),
            "leads back to itself; must name the area around it")
          break
        }
        next = areas[outer].within
      }
    }
    let counted = areas.reduce(into: Set<Int>()) {
      $0.formUnion($1.firstIn)
      $0.formUnion($1.quotas.map(\.group))
    }
    if counted.count > PolicyLimits.countedGroups {
      faults.add(
        KeyPath.root.key("areas"),
        "first_in and quotas name \(counted.count) groups; must be at most \(PolicyLimits.countedGroups)")
    }
  }

  private func readPassback(_ section: Section) -> Passback {
    let time = section.duration("passback_s", in: SiteLimits.wait)
    let word = section.choice("passback", ["off": 0, "soft": 1, "hard": 2, "timed": 3] as KeyValuePairs)
    if word == 3 {
      if !["passback_us", "passback_ms", "passback_s"].contains(where: { section.has($0) }) {
        faults.add(section.path.key("passback_s"), "is missing; must be given where passback is \"timed\"")
      }
      return .timed(time ?? .seconds(1))
    }
    if time != nil {
      faults.add(section.durationPath("passback_s"), "must be left out unless passback is \"timed\"")
    }
    return word == 1 ? .soft : word == 2 ? .hard : .off
  }
}
