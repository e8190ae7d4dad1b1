public import ControlCore

extension PassageState {
  /// The state as it was kept: rows of an earlier ``takeChanges()`` or ``allRows()``, the newest of each
  /// credential.
  ///
  /// An area that the site no longer has, and a row that cannot be read, are left out. Of more credentials than the
  /// limit those that passed last are taken; who is inside counts all the same. A reader that was locked is locked for
  /// its whole time anew, from `now` on: nobody knows how long the power was off.
  public init(
    setting: PolicySetting, rows: [PassageRow], limit: Int = PolicyLimits.credentialStates,
    now: Instant = .zero
  ) {
    self.init(setting: setting, limit: limit)
    // Of two that passed at the same time the order of the rows decides, here as in the order they were kept in.
    let order = rows.count > limit ? rows.indices.sorted { (rows[$1].at, $0) < (rows[$0].at, $1) } : []
    for place in order.isEmpty ? Array(rows.indices) : order { restore(rows[place], now) }
    _ = table.takeChanged()
  }

  /// What changed since the last call, for the journal; each credential or area once.
  public mutating func takeChanges() -> [PassageRow] {
    // A row of which nothing is known takes the credential's earlier one away.
    var rows = table.takeForgotten().map {
      PassageRow(credential: $0.storedText, areas: "", at: 0, uses: 0)
    }
    for place in table.takeChanged() {
      rows.append(row(of: table.state(at: place)))
    }
    for area in unnamed.indices where changedAreas & bit(area) != 0 {
      rows.append(row(ofArea: area))
    }
    changedAreas = 0
    rows += changedSuspensions
    changedSuspensions = []
    rows += changedPins.sorted().map { row(ofPinsAt: $0) }
    changedPins = []
    return rows
  }

  public func allRows() -> [PassageRow] {
    var rows: [PassageRow] = []
    for place in table.states.indices {
      rows.append(row(of: table.state(at: place)))
    }
    for area in unnamed.indices where unnamed[area] != 0 {
      rows.append(row(ofArea: area))
    }
    let locked = pins.indices.filter { pins[$0].row > 0 }
    return rows + suspensions.map { PassageState.row($0) } + locked.map { row(ofPinsAt: $0) }
  }

  private func row(of state: CredentialState) -> PassageRow {
    var words: [String] = []
    for area in areaNames.indices where state.known & bit(area) != 0 {
      words.append((state.inside & bit(area) != 0 ? "" : "-") + areaNames[area])
    }
    return PassageRow(
      credential: state.key.storedText, areas: words.joined(separator: ";"), at: state.at,
      uses: Int(state.uses))
  }

  private func row(ofArea area: Int) -> PassageRow {
    PassageRow(credential: "area:\(areaNames[area])", areas: areaNames[area], at: 0, uses: unnamed[area])
  }

  private func row(ofPinsAt reader: Int) -> PassageRow {
    PassageRow(
      credential: PassageRow.lockoutPrefix + readerNames[reader], areas: "", at: 0, uses: pins[reader].row)
  }

  private mutating func restorePins(_ row: PassageRow, _ now: Instant) {
    let name = String(row.credential.dropFirst(PassageRow.lockoutPrefix.count))
    guard let reader = readerNames.firstIndex(of: name), row.uses > 0 else { return }
    if row.uses < readers[reader].wrongTries {
      pins[reader].wrong = row.uses
    } else {
      pins[reader].lockedUntil = now + readers[reader].lockout
    }
  }

  private mutating func restore(_ row: PassageRow, _ now: Instant) {
    if row.credential.hasPrefix(PassageRow.lockoutPrefix) { return restorePins(row, now) }
    if row.credential.hasPrefix("area:") {
      guard let area = areaNames.firstIndex(of: String(row.credential.dropFirst(5))) else { return }
      unnamed[area] = row.uses
      return
    }
    if row.credential.hasPrefix(PassageRow.suspendedPrefix) { return restoreSuspension(row) }
    guard let key = try? CredentialKey.parse(stored: row.credential) else { return }
    var inside: UInt64 = 0
    var known: UInt64 = 0
    for word in row.areas.split(separator: ";") {
      let isOutside = word.hasPrefix("-") && !areaNames.contains(String(word))
      guard let area = areaNames.firstIndex(of: String(isOutside ? word.dropFirst() : word)) else { continue }
      known |= bit(area)
      if !isOutside { inside |= bit(area) }
    }
    guard table.hasRoom(for: key) else { return count(inside, Membership(), 1) }
    var before: UInt64 = 0
    changeState(of: key) { state in
      before = state.inside
      state.inside = inside
      state.known = known
      state.at = row.at
      state.instant = nil
      state.uses = UInt32(clamping: row.uses)
    }
    count(before, Membership(), -1)
    count(inside, Membership(), 1)
  }

  /// Whom those inside count for is not kept over a restart, and changes with the list: to be called with the first
  /// list after a start, before the first decision with it.
  ///
  /// Who stands in the list no more counts on as before.
  public mutating func recount(_ list: ListSnapshot) {
    _ = recount(list, from: 0, atMost: .max)
  }

  /// The same in parts, for a list that is exchanged while doors work. Between two parts all counts are whole: each
  /// credential inside counts once, by this list or by the one before.
  /// - Parameter first: 0, then what the call before returned.
  /// - Returns: where to go on; nil where all are counted.
  public mutating func recount(_ list: ListSnapshot, from first: Int, atMost most: Int) -> Int? {
    // Only a quota and who must be first inside ask for them.
    guard counted.count > 0, first < table.states.count else { return nil }
    let end = first + min(table.states.count - first, most)
    for place in first..<end where table.states[place].inside != 0 { recount(list, place) }
    return end < table.states.count ? end : nil
  }

  private mutating func recount(_ list: ListSnapshot, _ place: Int) {
    let state = table.states[place]
    guard let found = list.store.find(state.key) else { return }
    var member = Membership()
    member.holder = list.store.holder(found)
    member.groups = counted.mask(of: list.store.entryTerms(found).groups)
    guard member != state.member else { return }
    for area in named.indices where state.inside & bit(area) != 0 {
      members.add(state.member, in: area, -1)
      members.add(member, in: area, 1)
    }
    table.setMember(member, at: place)
  }
}
