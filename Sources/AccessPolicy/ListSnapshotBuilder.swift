/// Fills the tables of a ``ListSnapshot`` row by row, so that a million rows never stand in memory twice.
///
/// Of rows with the same credential the first stays, and takes over a deny: they are found when all rows are there.
public struct ListSnapshotBuilder: ~Copyable {
  private var draft: ListDraft
  private var termPlaces: [EntryTerms: UInt32] = [:]
  private var keys = StoredKeys()
  private let groupCount: Int

  /// `expecting` rows get their room at once; more find theirs too.
  ///
  /// - Parameter advise: told of the memory of a large list before it is touched, to ask for large pages.
  public init(
    expecting: Int = 0, groups: [GroupSetting],
    advise: @escaping (inout MutableRawSpan) -> Void = { _ in }
  ) {
    precondition(groups.count <= PolicyLimits.groups, "too many groups")
    groupCount = groups.count
    draft = ListDraft(expecting: min(max(0, expecting), PolicyLimits.rows), advise: advise)
  }

  /// Rows so far, the same credential counted as often as it came.
  public var count: Int { draft.count }

  /// - Returns: false where the list is full.
  @discardableResult
  public mutating func append(_ row: ListRow) -> Bool {
    let terms = terms(
      groups: row.groups, validFrom: row.validFrom, validUntil: row.validUntil, uses: row.uses,
      flags: row.flags)
    var holder = ListSnapshotBuilder.bounded(row.holder)
    return holder.withUTF8 { unsafe append(row.credential, UInt32(terms), UnsafeRawBufferPointer($0)) }
  }

  /// What rows that follow share, as in ``ListRow``.
  ///
  /// - Returns: the number to give them with.
  public mutating func terms(
    groups: [Int], validFrom: Int64?, validUntil: Int64?, uses: Int?, flags: ListFlags
  ) -> Int {
    var set = GroupSet()
    for group in groups {
      precondition(group >= 0 && group < groupCount, "row with a group that the site lacks")
      set.insert(group)
    }
    let shared = EntryTerms(
      validFrom: validFrom, validUntil: validUntil, uses: uses.map { UInt32(clamping: max(0, $0)) },
      flags: flags, groups: set)
    if let place = termPlaces[shared] { return Int(place) }
    draft.terms.append(shared)
    termPlaces[shared] = UInt32(draft.terms.count - 1)
    return draft.terms.count - 1
  }

  /// A row as a store keeps it.
  ///
  /// - Parameters:
  ///   - credential: ``CredentialKey/storedText`` in UTF-8.
  ///   - holder: in UTF-8.
  ///   - terms: a number that ``terms(groups:validFrom:validUntil:uses:flags:)`` gave.
  /// - Returns: false where the credential cannot be read or the list is full.
  @discardableResult
  public mutating func append(stored credential: Span<UInt8>, holder: Span<UInt8>, terms: Int) -> Bool {
    precondition(terms >= 0 && terms < draft.terms.count, "row with terms that nobody told")
    guard let key = keys.key(credential) else { return false }
    guard holder.count > PolicyLimits.holderBytes else {
      return unsafe holder.bytes.withUnsafeBytes { unsafe append(key, UInt32(terms), $0) }
    }
    var name = ListSnapshotBuilder.bounded(
      unsafe holder.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) })
    return name.withUTF8 { unsafe append(key, UInt32(terms), UnsafeRawBufferPointer($0)) }
  }

  /// - Parameter holder: at most ``PolicyLimits/holderBytes`` of UTF-8.
  private mutating func append(
    _ key: CredentialKey, _ terms: UInt32, _ holder: UnsafeRawBufferPointer
  ) -> Bool {
    guard draft.count < PolicyLimits.rows else { return false }
    unsafe draft.append(key, terms: terms, holder: holder)
    return true
  }

  consuming func finished() -> ListStore {
    keys = StoredKeys()
    termPlaces = [:]
    return ListStore(arranging: draft)
  }

  /// The reader of lists refuses a longer name; a row from elsewhere is cut at a whole character.
  private static func bounded(_ holder: String) -> String {
    var holder = holder
    while holder.utf8.count > PolicyLimits.holderBytes {
      holder.removeLast()
    }
    return holder
  }
}
