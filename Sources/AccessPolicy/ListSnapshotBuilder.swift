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
      entries: [], arena: [], terms: [],
      slots: Array(repeating: 0, count: ListSnapshotBuilder.slotCount(min(expecting, PolicyLimits.rows))),
      similar: SimilarPlates())
    store.entries.reserveCapacity(min(expecting, PolicyLimits.rows))
  }

  public var count: Int { store.entries.count }

  /// - Returns: false where the credential stands in the list already (the earlier row stays, but takes over a
  ///   deny) or the list is full.
  @discardableResult
  public mutating func append(_ row: ListRow) -> Bool {
    if let place = store.find(row.credential) {
      if row.flags.contains(.deny) {
        var shared = store.entryTerms(place)
        shared.flags.insert(.deny)
        store.entries[place].terms = termPlace(of: shared)
      }
      return false
    }
    guard store.entries.count < PolicyLimits.rows else { return false }
    precondition(row.groups.allSatisfy { $0 >= 0 && $0 < groupCount }, "row with a group that the site lacks")
    let holder = Array(ListSnapshotBuilder.bounded(row.holder).utf8)
    store.entries.append(
      ListStore.Entry(text: UInt32(store.arena.count), terms: termPlace(of: EntryTerms(row))))
    store.arena.append(row.credential.kind.code)
    store.arena.append(UInt8(row.credential.count))
    for position in 0..<row.credential.count {
      store.arena.append(row.credential.bytes[position])
    }
    store.arena.append(UInt8(holder.count))
    store.arena.append(contentsOf: holder)
    growIfNeeded()
    insert(store.entries.count - 1, row.credential.fingerprint)
    return true
  }

  consuming func finished() -> ListStore {
    store.similar = SimilarPlates(of: store)
    store.arena = ListSnapshotBuilder.tight(store.arena)
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

  private mutating func growIfNeeded() {
    guard store.entries.count * 4 > store.slots.count * 3 else { return }
    store.slots = Array(repeating: 0, count: store.slots.count * 2)
    for place in 0..<(store.entries.count - 1) {
      insert(place, store.key(at: place).fingerprint)
    }
  }

  private mutating func insert(_ place: Int, _ fingerprint: UInt64) {
    let mask = store.slots.count - 1
    var slot = Int(truncatingIfNeeded: fingerprint) & mask
    while store.slots[slot] != 0 {
      slot = (slot + 1) & mask
    }
    store.slots[slot] =
      UInt32(truncatingIfNeeded: fingerprint >> 53) << ListStore.placeBits | UInt32(place + 1)
  }

  private static func slotCount(_ rows: Int) -> Int {
    var count = 8
    while count * 3 < rows * 4 {
      count *= 2
    }
    return count
  }

  /// Without the room that growing has left over.
  private static func tight<Element>(_ array: [Element]) -> [Element] {
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
