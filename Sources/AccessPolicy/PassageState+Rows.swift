extension PassageState {
  /// The state as it was kept: rows of an earlier ``takeChanges()`` or ``allRows()``, the newest of each
  /// credential.
  ///
  /// An area that the site no longer has, and a row that cannot be read, are left out.
  public init(
    setting: PolicySetting, rows: [PassageRow], limit: Int = PolicyLimits.credentialStates
  ) {
    self.init(setting: setting, limit: limit)
    for row in rows {
      restore(row)
    }
    _ = table.takeChanged()
  }

  /// What changed since the last call, for the journal; each credential or area once.
  public mutating func takeChanges() -> [PassageRow] {
    var rows: [PassageRow] = []
    for place in table.takeChanged() {
      rows.append(row(of: table.state(at: place)))
    }
    for area in unnamed.indices where changedAreas & bit(area) != 0 {
      rows.append(row(ofArea: area))
    }
    changedAreas = 0
    rows += changedSuspensions
    changedSuspensions = []
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
    return rows + suspensions.map { PassageState.row($0) }
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

  private mutating func restore(_ row: PassageRow) {
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

  /// Whom those inside count for is not kept over a restart, and changes with the list: to be called with each list
  /// that is new, before the first decision with it.
  ///
  /// Who stands in the list no more counts on as before.
  public mutating func recount(_ list: ListSnapshot) {
    // Only a quota and who must be first inside ask for them.
    guard counted.count > 0 else { return }
    for place in table.states.indices where table.states[place].inside != 0 {
      guard let found = list.store.find(table.states[place].key) else { continue }
      var member = Membership()
      member.holder = list.store.holder(found)
      member.groups = counted.mask(of: list.store.entryTerms(found).groups)
      table.setMember(member, at: place)
    }
    countMembersAnew()
  }

  mutating func countMembersAnew() {
    members.removeAll()
    for place in table.states.indices {
      for area in named.indices where table.states[place].inside & bit(area) != 0 {
        members.add(table.states[place].member, in: area, 1)
      }
    }
  }
}
