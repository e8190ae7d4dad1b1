/// Fills the tables of a ``ListSnapshot`` row by row, so that a million rows never stand in memory twice.
public struct ListSnapshotBuilder: ~Copyable {
  private var store = ListStore()
  private var termPlaces: [EntryTerms: UInt32] = [:]
  private let groupCount: Int
  /// Where the rows so far are found: 0 is free, else 11 bits of the key's mark and the entry's place
  /// plus one; at most three quarters taken.
  private var slots: [UInt32]

  private static let placeBits: UInt32 = 21
  private static let placeMask: UInt32 = (1 << 21) - 1

  /// `expecting` rows get their room at once; more find theirs too.
  public init(expecting: Int = 0, groups: [GroupSetting]) {
    precondition(groups.count <= PolicyLimits.groups, "too many groups")
    groupCount = groups.count
    let rows = min(expecting, PolicyLimits.rows)
    slots = Array(repeating: 0, count: max(8, rows + rows / 3 + 1))
    store.entries.reserveCapacity(rows)
  }

  public var count: Int { store.entries.count }

  /// - Returns: false where the credential stands in the list already (the earlier row stays, but takes over a
  ///   deny) or the list is full.
  @discardableResult
  public mutating func append(_ row: ListRow) -> Bool {
    if let found = find(row.credential) {
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
    let place = store.entries.count
    store.entries.append(UInt32(store.text.count))
    store.text.append(UInt64(head(row.credential, termPlace(of: EntryTerms(row)))), bytes: 4)
    store.text.append(UInt64(place), bytes: ListStore.headBytes - 4)
    for place in 0..<row.credential.wordCount {
      store.text.append(row.credential.words[place], bytes: min(8, row.credential.count - (place << 3)))
    }
    store.text.append(UInt8(holder.count))
    for unit in holder {
      store.text.append(unit)
    }
    if store.entries.count * 4 > slots.count * 3 {
      grow()
    } else {
      insert(place, row.credential.mark)
    }
    return true
  }

  consuming func finished() -> ListStore {
    slots = []
    store.arrange()
    store.similar = SimilarPlates(of: store)
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

  private borrowing func find(_ key: CredentialKey) -> ListStore.Found? {
    var slot = ListStore.bucket(key.mark, among: slots.count)
    while slots[slot] != 0 {
      if slots[slot] >> ListSnapshotBuilder.placeBits == tag(key.mark) {
        let found = store.found(at: Int(slots[slot] & ListSnapshotBuilder.placeMask) - 1)
        if store.isKey(key, at: found.record) { return found }
      }
      slot = slot + 1 == slots.count ? 0 : slot + 1
    }
    return nil
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for place in store.entries.indices {
      insert(place, store.key(at: place).mark)
    }
  }

  private mutating func insert(_ place: Int, _ mark: UInt32) {
    var slot = ListStore.bucket(mark, among: slots.count)
    while slots[slot] != 0 {
      slot = slot + 1 == slots.count ? 0 : slot + 1
    }
    slots[slot] = tag(mark) << ListSnapshotBuilder.placeBits | UInt32(place + 1)
  }

  private borrowing func tag(_ mark: UInt32) -> UInt32 { mark & 0x7FF }

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
