import ControlCore

/// A rule's result for people.
public struct ExplainedRule: Sendable, Equatable {
  public var rule: Rule
  public var outcome: RuleOutcome
  public var why: String
}

extension Trace {
  /// The results in words that a guard understands.
  ///
  /// `setting` and `list` are those of the decision: the results hold places in them.
  public func explained(
    setting: PolicySetting, list: ListSnapshot, request: AccessRequest, namesHolders: Bool = true
  ) -> [ExplainedRule] {
    let words = TraceWords(setting: setting, list: list, request: request, namesHolders: namesHolders)
    var rules = (0..<count).map { place in
      let result = self[place]
      return ExplainedRule(rule: result.rule, outcome: result.outcome, why: words.text(result))
    }
    if lost > 0 {
      rules.append(
        ExplainedRule(rule: .rights, outcome: .skip, why: "\(lost) more results of groups left out"))
    }
    return rules
  }
}

private struct TraceWords {
  let setting: PolicySetting
  let list: ListSnapshot
  let request: AccessRequest
  let namesHolders: Bool

  func text(_ result: RuleResult) -> String {
    switch result.rule {
    case .repeated, .lockout, .credential, .confidence: reading(result)
    case .list, .match, .flags: search(result)
    case .validity, .uses, .accompaniment, .suspension: entry(result)
    case .clock, .rights, .schedule: group(result)
    case .quota: quota(result)
    case .passback, .occupancy, .firstIn: area(result)
    case .factors, .twoPerson: company(result)
    case .lockdown, .service, .interlock: point(result)
    }
  }

  private func reading(_ result: RuleResult) -> String {
    switch result.finding {
    case .sameRead: "the same presence as before: decided once"
    case .readerLocked:
      "too many wrong PINs: the reader takes none for \((Int(result.first) + 999) / 1000) s more"
    case .legible: "read as \(request.credential.map { $0.masked } ?? "nothing")"
    case .illegible: "what was read is no credential"
    case .foreign: request.credential.map { reader.kind.refusal(of: $0.kind) } ?? "nothing"
    case .sure: "read with \(share(result.first)), \(share(result.second)) wanted"
    case .unsure: "read with only \(share(result.first)), \(share(result.second)) wanted: matches nothing"
    case .confidenceUntold: "the reader tells no confidence"
    default: "a new read at \(reader.name)"
    }
  }

  private func search(_ result: RuleResult) -> String {
    switch result.finding {
    case .listed: "in the list as \(named(result.first)), version \(list.version)"
    case .unlisted: "not in the list, version \(list.version)"
    case .listedNearby: "not in the list as read, version \(list.version)"
    case .exactOnly: "\(reader.name) matches exactly"
    case .notPlate: "only plates are matched with tolerance"
    case .nothingNear: "no plate in the list is near enough"
    case .near: "taken for \(named(result.first)), the only one near (cost \(result.second))"
    case .ambiguous: "could be \(named(result.first)) or \(named(result.second)): ambiguous"
    case .tooMany: "too many similar plates in the list: ambiguous"
    case .nearDenied where result.first == result.second: "near to \(named(result.first)), which is denied"
    case .nearDenied: "near to \(named(result.second)), but \(named(result.first)) is denied and near too"
    case .tooFar:
      "nearest is \(named(result.first)), but it differs in more than one look-alike (cost \(result.second))"
    case .otherwiseRead: "near to \(named(result.first)), but the camera's other readings are not that"
    case .markedDeny: "the entry is marked deny"
    default: "the entry is not marked deny"
    }
  }

  private func entry(_ result: RuleResult) -> String {
    switch result.finding {
    case .withoutLimit: "valid without limit"
    case .clockUnknown: "the clock is not trusted: the group says what holds"
    case .notYetActive: "valid only from \(local(result.moment))"
    case .expired: "was valid until \(local(result.moment))"
    case .valid: validity(list.row(at: Int(result.first)))
    case .usesUnlimited: "passages are not counted"
    case .usesLeft: "\(result.first) of \(result.second) passages used\(waiting(result.third))"
    case .usedUp: "all used: \(result.first) of \(result.second) passages\(waiting(result.third))"
    case .notSuspended: "not suspended"
    case .suspended: "suspended until \(local(result.moment))"
    case .suspendedWithoutEnd: "suspended until somebody ends it"
    case .accompanied: "somebody who may go alone was granted just before"
    case .alone: "needs an escort, and nobody was granted at \(reader.name) just before"
    default: "passed"
    }
  }

  private func validity(_ row: ListRow) -> String {
    "valid " + (row.validFrom.map { "from \(local($0)) " } ?? "")
      + (row.validUntil.map { "until \(local($0))" } ?? "without end")
  }

  private func group(_ result: RuleResult) -> String {
    guard result.finding != .withoutGroup else { return "the entry is in no group" }
    let name = "group \(setting.groups[Int(result.first)].name)"
    switch result.finding {
    case .pointNotInGroup: return "\(name): not for point \(pointName)"
    case .pointInGroup: return "\(name): may use point \(pointName)"
    case .groupDeniesWithoutClock: return "\(name): closed while the clock is not trusted"
    case .groupAllowsWithoutClock:
      return "\(name): open while the clock is not trusted, without regard to times"
    case .groupAlwaysWithoutClock:
      return "\(name): open at all times, so the untrusted clock does not matter"
    case .groupTimedWithoutClock:
      return "\(name): the clock is not trusted, and this entry is not open at all times"
    case .groupAsks: return "\(name): grants only with \(company(kinds: result.second, result.third == 1))"
    case .groupLacksLeast: return "\(name): lacks least of those, so it is the one that counts"
    default: break
    }
    let schedule = setting.schedules[Int(result.second)]
    let covers = result.finding == .closed ? "does not cover" : "covers"
    return "\(name): schedule \(schedule.name) \(covers) \(weekTime(request.at, schedule))"
  }

  private func area(_ result: RuleResult) -> String {
    switch result.finding {
    case .noArea: return "point \(pointName) leads into no counted area"
    case .passbackExempt: return "the entry is exempt from passback"
    default: break
    }
    let name = "area \(setting.areas[Int(result.first)].name)"
    switch result.finding {
    case .passbackOff: return "\(name): passback is off"
    case .placeUnknown: return "\(name): not known whether inside, so not refused"
    case .placeFits: return "\(name): comes from the right side"
    case .insideAlready: return "\(name): is inside already"
    case .outsideAlready: return "\(name): is outside already"
    case .insideAlreadySoft: return "\(name): is inside already; passback is soft: only logged"
    case .outsideAlreadySoft: return "\(name): is outside already; passback is soft: only logged"
    case .outsideAround: return "\(name): is not inside \(areaName(result.second)), which lies around it"
    case .outsideAroundSoft:
      return "\(name): is not inside \(areaName(result.second)) around it; passback is soft: only logged"
    case .insideInner: return "\(name): is still inside \(areaName(result.second)), which lies in it"
    case .insideInnerSoft:
      return "\(name): is still inside \(areaName(result.second)) in it; passback is soft: only logged"
    case .leads: return "\(name): is one of those who may be the first inside"
    case .leaderInside: return "\(name): one of \(firstNames(result.first)) is inside already"
    case .leaderMissing: return "\(name): closed until one of \(firstNames(result.first)) is inside"
    case .forgottenByTime: return "\(name): the last entry is long enough ago"
    case .full: return "\(name): full, \(result.second) of \(result.third)"
    case .noRoomForTwo: return "\(name): two would go in, and there is room for \(result.second)"
    default: return "\(name): \(result.second) of \(result.third) inside or on their way"
    }
  }

  private func quota(_ result: RuleResult) -> String {
    let area = areaName(result.first >> 16)
    let group = setting.groups[Int(result.first & 0xFFFF)].name
    let count = "\(result.second) of \(result.third) spaces taken"
    return switch result.finding {
    case .holderFull: "area \(area), group \(group): no space left for this holder, \(count)"
    case .holderRoom: "area \(area), group \(group): room for this holder, \(count)"
    case .groupFull: "area \(area), group \(group): no space left for the group, \(count)"
    default: "area \(area), group \(group): room for the group, \(count)"
    }
  }

  private func company(_ result: RuleResult) -> String {
    switch result.finding {
    case .factorsComplete: "everything that must be shown was shown by one holder"
    case .factorMissing:
      "the same holder must show \(kinds(result.first)) as well, within \(result.second) s"
    case .factorOfAnother: "belongs to somebody else than what was shown before it"
    case .factorOfNobody: "the entry names no holder, so nothing else can be told to be the same person's"
    case .heldLapsed: lapsed(result)
    case .escortIsNoSecond:
      "needs an escort, so it is no second person: two others must be granted just before"
    case .behindTwo: "two persons were granted just before"
    case .twoComplete: "a second person has shown a credential"
    default: "two persons are needed: the other must show a credential within \(result.first) s"
    }
  }

  private func company(kinds bits: Int32, _ second: Bool) -> String {
    let asked = (bits == 0 ? [] : ["\(kinds(bits)) of one holder"]) + (second ? ["a second person"] : [])
    return asked.joined(separator: " and ")
  }

  private func lapsed(_ result: RuleResult) -> String {
    let kind = CredentialKind.allCases.first { Int32($0.code) == result.third }?.name ?? "credential"
    let who = result.first >= 0 ? named(result.first) : "the \(kind)"
    let why = Reason(rawValue: UInt8(truncatingIfNeeded: result.second))
    return "\(who), shown before, does not pass any more: \(why.map(refusal) ?? "")"
  }

  private func refusal(_ reason: Reason) -> String {
    switch reason {
    case .deniedUnknownCredential: "not in the list"
    case .deniedCredentialManualDisable: "marked deny"
    case .deniedCredentialDisabled: "suspended"
    case .deniedCredentialExpired: "no longer valid"
    case .deniedCredentialMaxUses: "all passages used"
    case .deniedOutOfTimeRange: "outside of its schedule"
    case .deniedPointNoAccessRights: "no rights at \(pointName)"
    case .deniedThreatLevel: "\(pointName) is locked down"
    case .deniedUpperOccupancyLimit: "no space left"
    case .deniedAuthenticationFactorError: "another holder's"
    case .verificationRequired: "more must be shown with it"
    case .deniedNoAccompaniment: "it counts as no other person"
    default: reason.name
    }
  }

  private func kinds(_ bits: Int32) -> String {
    CredentialKind.allCases.filter { bits >> Int32($0.code) & 1 == 1 }.map(\.name).joined(separator: " and ")
  }

  private func areaName(_ area: Int32) -> String { setting.areas[Int(area)].name }

  private func firstNames(_ area: Int32) -> String {
    setting.areas[Int(area)].firstIn.map { setting.groups[$0].name }.joined(separator: ", ")
  }

  private func point(_ result: RuleResult) -> String {
    switch result.finding {
    case .passesLockdown:
      "locked down, and group \(setting.groups[Int(result.first)].name) passes a lockdown"
    case .lockedDown: "point \(pointName) is locked down"
    case .outOfService: "point \(pointName) is out of service"
    case .interlockBusy: "another point of the interlock of \(pointName) is open"
    case .notLockedDown: "no lockdown"
    case .inService: "in service"
    default: "no interlock holds it"
    }
  }

  private var reader: ReaderSetting { setting.readers[request.reader.position] }

  private var pointName: String { setting.pointNames[reader.point.position] }

  private func named(_ entry: Int32) -> String {
    let row = list.row(at: Int(entry))
    let holder = row.holder.isEmpty || !namesHolders ? "" : " (\(row.holder))"
    return row.credential.masked + holder
  }

  private func waiting(_ count: Int32) -> String {
    count == 0 ? "" : ", \(count) granted elsewhere and not yet through"
  }

  private func share(_ thousandths: Int32) -> String {
    "\(thousandths / 10)%"
  }

  private func local(_ milliseconds: Int64) -> String {
    let civil = setting.zone.civil(atUnixMilliseconds: milliseconds)
    return UnixMilliseconds.dateText(civil.date) + " " + clock(civil.minuteOfDay)
  }

  private func weekTime(_ milliseconds: Int64, _ schedule: ScheduleSetting) -> String {
    let civil = setting.zone.civil(atUnixMilliseconds: milliseconds)
    let days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    let time = "\(clock(civil.minuteOfDay)) \(days[civil.weekday])"
    // A special day goes before a holiday on the same date.
    if schedule.specialDays.contains(where: { $0.date == civil.date }) {
      return "\(time), a special day of this schedule"
    }
    return time + (setting.holidays.contains(civil.date) ? ", a holiday" : "")
  }

  private func clock(_ minute: Int) -> String {
    "\(UnixMilliseconds.padded(minute / 60, 2)):\(UnixMilliseconds.padded(minute % 60, 2))"
  }
}
