public import AccessPolicy
public import Journal

/// A row of the list between the policy's form and the store's.
public struct ListText: Sendable {
  let groupNames: [String]
  private let groups: [String: Int]

  public init(groupNames: [String]) {
    self.groupNames = groupNames
    groups = Dictionary(uniqueKeysWithValues: groupNames.enumerated().map { ($1, $0) })
  }

  private static var flagNames: [(name: String, flag: ListFlags)] {
    [
      ("deny", .deny), ("extended", .extended), ("passback_exempt", .passbackExempt),
      ("escort_required", .escortRequired), ("duress", .duress),
    ]
  }

  public func stored(_ row: ListRow) -> StoredListRow {
    StoredListRow(
      credential: row.credential.storedText, holder: row.holder,
      groups: row.groups.map { groupNames[$0] }.joined(separator: ";"), validFrom: row.validFrom,
      validUntil: row.validUntil, uses: row.uses.map { Int64($0) }, flags: flags(row.flags))
  }

  /// Nil where the credential cannot be read.
  func row(_ stored: StoredListRow) -> ListRow? {
    guard let credential = try? CredentialKey.parse(stored: stored.credential) else { return nil }
    return ListRow(
      credential: credential, holder: stored.holder, groups: groups(stored.terms.groups),
      validFrom: stored.terms.validFrom,
      validUntil: stored.terms.validUntil, uses: stored.terms.uses.map { Int($0) },
      flags: flags(stored.terms.flags))
  }

  /// A group that the site has no longer grants nothing.
  func groups(_ stored: String) -> [Int] {
    Set(stored.split(separator: ";").compactMap { groups[String($0)] }).sorted()
  }

  func flags(_ stored: String) -> ListFlags {
    var flags: ListFlags = []
    for word in stored.split(separator: ";") {
      if let known = Self.flagNames.first(where: { $0.name == word }) { flags.insert(known.flag) }
    }
    return flags
  }

  func flags(_ flags: ListFlags) -> String {
    Self.flagNames.filter { flags.contains($0.flag) }.map(\.name).joined(separator: ";")
  }
}
