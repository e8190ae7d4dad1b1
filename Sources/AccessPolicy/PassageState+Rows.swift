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
    return rows
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
    table.change(key) { state in
      before = state.inside
      state.inside = inside
      state.known = known
      state.at = row.at
      state.instant = nil
      state.uses = UInt32(clamping: row.uses)
    }
    count(entered: inside & ~before, left: before & ~inside)
  }
}
