/// One version of the allow-list in memory: immutable, flat, searched without a lock by any thread.
///
/// An entry costs 14 bytes and its text: key, and holder; a plate 8 bytes more at most for the tolerant search.
/// Validity, uses, groups and flags are shared by all entries that have the same.
public final class ListSnapshot: Sendable {
  public let version: UInt64
  let store: ListStore

  init(version: UInt64, store: consuming ListStore) {
    self.version = version
    store.drawGuide()
    self.store = store
  }

  /// Of a list in memory. Of rows with the same credential a deny holds, else the first.
  public convenience init(rows: [ListRow], version: UInt64, groups: [GroupSetting]) {
    var builder = ListSnapshotBuilder(expecting: rows.count, groups: groups)
    for row in rows {
      builder.append(row)
    }
    self.init(version: version, builder: builder)
  }

  /// Of a list that is read piece by piece: `builder` is used up.
  public convenience init(version: UInt64, builder: consuming ListSnapshotBuilder) {
    self.init(version: version, store: builder.finished())
  }

  public static func empty() -> ListSnapshot {
    ListSnapshot(rows: [], version: 0, groups: [])
  }

  public var count: Int { @_noLocks get { store.count } }

  /// The place of the entry with exactly this credential.
  @_noLocks
  public func lookup(_ credential: CredentialKey) -> Int? {
    store.find(credential)?.place
  }

  /// The entry in full, for people and files.
  public func row(at entry: Int) -> ListRow {
    store.row(at: entry)
  }

  /// Bytes that the tables take.
  public var bytes: Int { store.bytes }
}
