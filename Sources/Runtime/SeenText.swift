import AccessPolicy
import ControlCore
import Messages
import Site

/// What a decision saw, as its record keeps it: `detail.saw`, with names in place of places.
///
/// What is as if nothing had happened is left out; `rules` always stands there.
struct SeenText {
  private let pointNames: [String]
  private let groupNames: [String]
  private let areaNames: [String]
  /// ``PolicySetting/mark`` of this run.
  let rules: String

  init(site: SiteDescription) {
    pointNames = site.pointNames
    groupNames = site.policy.groups.map(\.name)
    areaNames = site.policy.areas.map(\.name)
    rules = site.policy.mark
  }

  func json(_ seen: SeenState) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [("rules", .string(rules))]
    func add(_ key: String, _ value: JSONValue?) {
      if let value { members.append((key, value)) }
    }
    func add(_ key: String, _ names: [JSONValue]) { if !names.isEmpty { add(key, .array(names)) } }
    add("point", Self.conditions.filter { seen.condition.contains($0.condition) }.map { .string($0.name) })
    add("suspended", seen.suspension.map { suspended($0) })
    add("uses", seen.uses.map { .integer(Int64($0)) })
    add("last", seen.lastPassage.map { .string("\(Timestamp(milliseconds: $0))") })
    add("since_ms", seen.sincePassage.map { .integer(Int64(clamping: $0.milliseconds)) })
    add("inside", seen.inside.map { .string(areaNames[$0]) })
    add("outside", seen.outside.map { .string(areaNames[$0]) })
    add("waiting", seen.waiting.map { .object(grant($0)) })
    add("coming", seen.coming.map { coming($0) })
    add("areas", seen.occupancy.map { count($0) })
    add("holder", seen.ofHolder.map { count($0) })
    add("groups", seen.ofGroups.map { count($0) })
    add("led", seen.led.map { .string(areaNames[$0]) })
    if seen.isAccompanied { add("escort", true) }
    if seen.isAccompaniedByTwo { add("escort_of_two", true) }
    add("factor", seen.factor.map { factor($0) })
    add("second", seen.secondPerson.map { person($0) })
    add(
      "others",
      seen.otherReadings.map { [.string($0.credential.storedText), .number($0.confidence)] })
    add("sure", seen.sureness.map { .integer(Int64($0)) })
    return .object(members)
  }

  private static var conditions: [(name: String, condition: PointCondition)] {
    [("out-of-service", .outOfService), ("locked-down", .lockedDown), ("interlock", .interlockBusy)]
  }

  private func suspended(_ suspension: SeenState.Suspension) -> JSONValue {
    switch suspension {
    case .ofOthers: false
    case .withoutEnd: true
    case .until(let until): .string("\(Timestamp(milliseconds: until))")
    }
  }

  private func grant(_ grant: SeenState.Grant) -> [(key: String, value: JSONValue)] {
    [("point", .string(pointNames[grant.point.position])), ("side", grant.side == .in ? "in" : "out")]
  }

  private func coming(_ coming: SeenState.Coming) -> JSONValue {
    .object(
      grant(coming.grant) + [
        ("holder", .bool(coming.isSameHolder)),
        ("groups", .array(coming.groups.map { .string(groupNames[$0]) })),
        ("inside", .array(coming.inside.map { .string(areaNames[$0]) })),
        ("count", .integer(Int64(coming.count))),
      ])
  }

  /// `[area, count]`, or `[area, group, count]`.
  private func count(_ line: SeenState.AreaCount) -> JSONValue {
    .array(
      [.string(areaNames[line.area])] + (line.group.map { [.string(groupNames[$0])] } ?? [])
        + [.integer(Int64(line.count))])
  }

  private func factor(_ factor: SeenState.Factor) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("kinds", .array(factor.kinds.map { .string($0.name) })), ("holder", .bool(factor.isSameHolder)),
      ("extended", .bool(factor.extended)), ("duress", .bool(factor.duress)),
    ]
    if factor.escortRequired { members.append(("escort", true)) }
    if factor.twoPerson { members.append(("two_person", true)) }
    if let lapse = factor.lapse { members.append(("lapsed", self.lapse(lapse))) }
    return .object(members)
  }

  private func person(_ person: SeenState.Person) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [("duress", .bool(person.duress))]
    if let lapse = person.lapse { members.append(("lapsed", self.lapse(lapse))) }
    return .object(members)
  }

  private func lapse(_ lapse: SeenState.Lapse) -> JSONValue {
    var members: [(key: String, value: JSONValue)] = [
      ("kind", .string(lapse.kind.name)), ("reason", .string(lapse.reason.name)),
    ]
    if let credential = lapse.credential { members.append(("credential", .string(credential.storedText))) }
    return .object(members)
  }
}

// MARK: Reading it back

extension SeenText {
  /// What the record of a decision kept.
  ///
  /// - Throws: ``MessageFault`` where it is not what ``json(_:)`` wrote with the same names.
  func seen(_ value: JSONValue) throws(MessageFault) -> SeenState {
    var seen = SeenState()
    for name in try texts(value["point"]) {
      guard let known = Self.conditions.first(where: { $0.name == name }) else { throw unknown(name) }
      seen.condition.insert(known.condition)
    }
    seen.suspension = try value["suspended"].map { (value) throws(MessageFault) in try suspension(value) }
    seen.uses = value["uses"]?.integerValue.map { Int(clamping: $0) }
    seen.lastPassage = value["last"]?.stringValue.flatMap { Timestamp($0)?.milliseconds }
    seen.sincePassage = value["since_ms"]?.integerValue.map { .milliseconds(UInt64(clamping: $0)) }
    seen.inside = try places(value["inside"], in: areaNames)
    seen.outside = try places(value["outside"], in: areaNames)
    for line in value["waiting"]?.arrayValue ?? [] { seen.waiting.append(try grant(line)) }
    for line in value["coming"]?.arrayValue ?? [] { seen.coming.append(try coming(line)) }
    seen.occupancy = try counts(value["areas"])
    seen.ofHolder = try counts(value["holder"])
    seen.ofGroups = try counts(value["groups"])
    seen.led = try places(value["led"], in: areaNames)
    seen.isAccompanied = value["escort"]?.boolValue == true
    seen.isAccompaniedByTwo = value["escort_of_two"]?.boolValue == true
    if let factor = value["factor"] { seen.factor = try self.factor(factor) }
    if let person = value["second"] { seen.secondPerson = try self.person(person) }
    for line in (value["others"]?.arrayValue ?? []).prefix(PolicyLimits.candidates) {
      guard let key = line[0]?.stringValue.flatMap({ try? CredentialKey.parse(stored: $0) }),
        let confidence = line[1]?.doubleValue
      else { throw unknown(line.text) }
      seen.otherReadings.append(Candidate(credential: key, confidence: confidence))
    }
    seen.sureness = (value["sure"]?.arrayValue ?? []).prefix(PolicyLimits.plateCharacters).map {
      UInt8(clamping: min(100, $0.integerValue ?? 0))
    }
    return seen
  }

  private func unknown(_ text: String) -> MessageFault { MessageFault("'\(text)' in what the decision saw") }

  private func texts(_ value: JSONValue?) throws(MessageFault) -> [String] {
    var texts: [String] = []
    for element in value?.arrayValue ?? [] {
      guard let text = element.stringValue else { throw unknown(element.text) }
      texts.append(text)
    }
    return texts
  }

  private func place(_ name: String?, in names: [String]) throws(MessageFault) -> Int {
    guard let name, let place = names.firstIndex(of: name) else { throw unknown(name ?? "") }
    return place
  }

  private func places(_ value: JSONValue?, in names: [String]) throws(MessageFault) -> [Int] {
    var places: [Int] = []
    for name in try texts(value) { places.append(try place(name, in: names)) }
    return places
  }

  private func suspension(_ value: JSONValue) throws(MessageFault) -> SeenState.Suspension {
    if let flag = value.boolValue { return flag ? .withoutEnd : .ofOthers }
    guard let until = value.stringValue.flatMap({ Timestamp($0) }) else { throw unknown(value.text) }
    return .until(until.milliseconds)
  }

  private func grant(_ value: JSONValue) throws(MessageFault) -> SeenState.Grant {
    SeenState.Grant(
      point: PointIndex(try place(value["point"]?.stringValue, in: pointNames)),
      side: value["side"]?.stringValue == "out" ? .out : .in)
  }

  private func coming(_ value: JSONValue) throws(MessageFault) -> SeenState.Coming {
    SeenState.Coming(
      grant: try grant(value), isSameHolder: value["holder"]?.boolValue == true,
      groups: try places(value["groups"], in: groupNames), inside: try places(value["inside"], in: areaNames),
      count: Int(clamping: min(Int64(PolicyLimits.pendingPassages), value["count"]?.integerValue ?? 1)))
  }

  private func counts(_ value: JSONValue?) throws(MessageFault) -> [SeenState.AreaCount] {
    var counts: [SeenState.AreaCount] = []
    for line in value?.arrayValue ?? [] {
      let group = line[2] == nil ? nil : try place(line[1]?.stringValue, in: groupNames)
      guard let count = line[group == nil ? 1 : 2]?.integerValue else { throw unknown(line.text) }
      counts.append(
        SeenState.AreaCount(
          area: try place(line[0]?.stringValue, in: areaNames), group: group,
          count: Int(clamping: min(Int64(Int32.max), max(0, count)))))
    }
    return counts
  }

  private func factor(_ value: JSONValue) throws(MessageFault) -> SeenState.Factor {
    var kinds: [CredentialKind] = []
    for name in try texts(value["kinds"]) {
      guard let kind = CredentialKind(name: name) else { throw unknown(name) }
      kinds.append(kind)
    }
    var factor = SeenState.Factor(kinds: kinds, isSameHolder: value["holder"]?.boolValue == true)
    factor.extended = value["extended"]?.boolValue == true
    factor.duress = value["duress"]?.boolValue == true
    factor.escortRequired = value["escort"]?.boolValue == true
    factor.twoPerson = value["two_person"]?.boolValue == true
    factor.lapse = try lapse(of: value)
    return factor
  }

  private func person(_ value: JSONValue) throws(MessageFault) -> SeenState.Person {
    var person = SeenState.Person()
    person.duress = value["duress"]?.boolValue == true
    person.lapse = try lapse(of: value)
    return person
  }

  private func lapse(of value: JSONValue) throws(MessageFault) -> SeenState.Lapse? {
    guard let lapse = value["lapsed"] else { return nil }
    guard let kind = lapse["kind"]?.stringValue.flatMap({ CredentialKind(name: $0) }),
      let reason = lapse["reason"]?.stringValue.flatMap({ name in Reason.allCases.first { $0.name == name } })
    else { throw unknown(lapse.text) }
    let text = lapse["credential"]?.stringValue
    let credential = text.flatMap { try? CredentialKey.parse(stored: $0) }
    guard (text == nil) == (credential == nil) else { throw unknown(lapse.text) }
    return SeenState.Lapse(kind: kind, credential: credential, reason: reason)
  }
}
