/// Reads `list-past.db` while its owner goes on.
public final class ListPastReader {
  /// What is known of a version.
  public enum Standing: Sendable, Equatable {
    case known
    /// Versions from here on are.
    case gone(floor: Int64)
    /// The number was given twice, and this is the other list.
    case otherList
  }

  private let database: Database

  /// - Throws: ``StoreError``; of kind `io` where there is no such file.
  public init(directory: String) throws(StoreError) {
    database = try Database(path: ListPast.path(in: directory), mode: .readOnly)
    try ListPast.check(database)
  }

  /// Of the version that a record of `boot` names.
  public func standing(of version: Int64, boot: Int64) throws(StoreError) -> Standing {
    let floor = try ListPast.number("floor", in: database) ?? .max
    guard version >= floor else { return .gone(floor: floor) }
    if let fork = try ListPast.number("fork", in: database), version > fork,
      boot < (try ListPast.number("fork_boot", in: database) ?? 0)
    {
      return .otherList
    }
    return .known
  }

  /// The credential's row under `version`, where a later version changed it; nil: the row in force was the row then.
  public func change(of credential: String, after version: Int64) throws(StoreError) -> ListPast.Change? {
    let rows = try database.prepare(
      "SELECT \(Self.columns) FROM past WHERE credential = ? AND until > ? ORDER BY until LIMIT 1")
    defer { rows.reset() }
    try rows.bind(1, credential)
    try rows.bind(2, version)
    return try rows.step() ? Self.change(rows) : nil
  }

  /// The same for every credential that begins with `prefix`, such as `plate:`.
  public func changes(startingWith prefix: String, after version: Int64) throws(StoreError) -> [ListPast
    .Change]
  {
    let rows = try database.prepare(
      """
      SELECT \(Self.columns) FROM past WHERE substr(credential, 1, ?) = ? AND until > ?
      ORDER BY credential, until
      """)
    defer { rows.reset() }
    try rows.bind(1, Int64(prefix.unicodeScalars.count))
    try rows.bind(2, prefix)
    try rows.bind(3, version)
    var changes: [ListPast.Change] = []
    while try rows.step() {
      let change = Self.change(rows)
      // Of several changes the first one behind the version tells what was before it.
      if changes.last?.credential != change.credential { changes.append(change) }
    }
    return changes
  }

  private static var columns: String { "credential, holder, groups, valid_from, valid_until, uses, flags" }

  private static func change(_ rows: Statement) -> ListPast.Change {
    let credential = rows.text(0)
    guard !rows.isNull(1) else { return ListPast.Change(credential: credential, row: nil) }
    return ListPast.Change(
      credential: credential,
      row: StoredListRow(
        credential: credential, holder: rows.text(1), groups: rows.text(2),
        validFrom: rows.optionalInteger(3),
        validUntil: rows.optionalInteger(4), uses: rows.optionalInteger(5), flags: rows.text(6)))
  }
}
