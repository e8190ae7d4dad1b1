/// Fills the tables of a ``ListSnapshot`` row by row, so that a million rows never stand in memory twice.
public struct ListSnapshotBuilder: ~Copyable {
  private var store: ListStore
  private var termPlaces: [EntryTerms: UInt32] = [:]
  private let groupCount: Int

  /// `expecting` rows get their room at once; more find theirs too.
  public init(expecting: Int = 0, groups: [GroupSetting]) {
    precondition(groups.count <= PolicyLimits.groups, "too many groups")
    groupCount = groups.count
    store = ListStore(
      entries: [], text: ListText(), terms: [],
      slots: Array(repeating: 0, count: ListSnapshotBuilder.slotCount(min(expecting, PolicyLimits.rows))),
      similar: SimilarPlates())
    store.entries.reserveCapacity(min(expecting, PolicyLimits.rows))
  }

  public var count: Int { store.entries.count }

  /// - Returns: false where the credential stands in the list already (the earlier row stays, but takes over a
  ///   deny) or the list is full.
  @discardableResult
  public mutating func append(_ row: ListRow) -> Bool {
    if let found = store.find(row.credential) {
      if row.flags.contains(.deny) {
        var shared = store.entryTerms(found)
        shared.flags.insert(.deny)
        store.text.set(head(row.credential, termPlace(of: shared)), at: found.record)
      }
      return false
    }
    guard store.entries.count < PolicyLimits.rows else { return false }
    precondition(row.groups.allSatisfy { $0 >= 0 && $0 < groupCount }, "row with a group that the site lacks")
    let holder = Array(ListSnapshotBuilder.bounded(row.holder).utf8)
    let record = store.text.count
    store.entries.append(UInt32(record))
    store.text.append(head(row.credential, termPlace(of: EntryTerms(row))))
    for position in 0..<row.credential.count {
      store.text.append(row.credential.byte(position))
    }
    store.text.append(UInt8(holder.count))
    for unit in holder {
      store.text.append(unit)
    }
    if store.entries.count * 5 > store.slots.count * 4 {
      rebuild(store.slots.count * 2)
    } else {
      insert(store.entries.count - 1, row.credential.fingerprint)
    }
    return true
  }

  consuming func finished() -> ListStore {
    store.similar = SimilarPlates(of: store)
    store.text.trim()
    let slots = ListSnapshotBuilder.slotCount(store.entries.count)
    if store.slots.count > slots + slots / 16 { rebuild(slots) }
    store.entries = ListSnapshotBuilder.tight(store.entries)
    return store
  }

  private mutating func termPlace(of shared: EntryTerms) -> UInt32 {
    if let place = termPlaces[shared] { return place }
    let place = UInt32(store.terms.count)
    store.terms.append(shared)
    termPlaces[shared] = place
    return place
  }

  /// The first four bytes of a record.
  private func head(_ key: CredentialKey, _ terms: UInt32) -> UInt32 {
    precondition(terms < 1 << (32 - ListStore.tagBits), "more kinds of terms than a record can tell")
    return terms << UInt32(ListStore.tagBits) | UInt32(ListStore.tag(key))
  }

  private mutating func rebuild(_ slots: Int) {
    store.slots = []
    store.slots = Array(repeating: 0, count: slots)
    for place in store.entries.indices {
      insert(place, store.key(at: place).fingerprint)
    }
  }

  private mutating func insert(_ place: Int, _ fingerprint: UInt64) {
    var slot = store.firstSlot(fingerprint)
    while store.slots[slot] != 0 {
      slot = slot + 1 == store.slots.count ? 0 : slot + 1
    }
    store.slots[slot] =
      UInt64(store.entries[place]) << ListStore.recordShift
      | (fingerprint & ListStore.markMask) << ListStore.placeBits | UInt64(place + 1)
  }

  /// Four fifths of the slots taken.
  private static func slotCount(_ rows: Int) -> Int {
    max(8, rows + rows / 4 + 1)
  }

  /// Without the room that growing has left over.
  static func tight<Element>(_ array: [Element]) -> [Element] {
    guard array.capacity > array.count + array.count / 16 else { return array }
    var copy: [Element] = []
    copy.reserveCapacity(array.count)
    copy.append(contentsOf: array)
    return copy
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

extension EntryTerms {
  init(_ row: ListRow) {
    var groups = GroupSet()
    for group in row.groups {
      groups.insert(group)
    }
    self.init(
      validFrom: row.validFrom, validUntil: row.validUntil,
      uses: row.uses.map { UInt32(clamping: max(0, $0)) }, flags: row.flags, groups: groups)
  }
}
