/// Fills the tables of a ``ListSnapshot`` row by row, so that a million rows never stand in memory twice.
public struct ListSnapshotBuilder: ~Copyable {
  private var draft: ListDraft
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
    let rows = min(max(0, expecting), PolicyLimits.rows)
    slots = Array(repeating: 0, count: max(8, rows + rows / 3 + 1))
    draft = ListDraft(expecting: rows)
  }

  public var count: Int { draft.count }

  /// - Returns: false where the credential stands in the list already (the earlier row stays, but takes over a
  ///   deny) or the list is full.
  @discardableResult
  public mutating func append(_ row: ListRow) -> Bool {
    precondition(row.groups.allSatisfy { $0 >= 0 && $0 < groupCount }, "row with a group that the site lacks")
    let terms = EntryTerms(row)
    var holder = ListSnapshotBuilder.bounded(row.holder)
    return holder.withUTF8 { unsafe append(row.credential, terms, UnsafeRawBufferPointer($0)) }
  }

  /// - Parameter holder: at most ``PolicyLimits/holderBytes`` of UTF-8.
  mutating func append(_ key: CredentialKey, _ terms: EntryTerms, _ holder: UnsafeRawBufferPointer) -> Bool {
    if let place = find(key) {
      if terms.flags.contains(.deny) {
        var shared = draft.terms(at: place)
        shared.flags.insert(.deny)
        draft.setTerms(termPlace(of: shared), of: key, at: place)
      }
      return false
    }
    guard draft.count < PolicyLimits.rows else { return false }
    unsafe draft.append(key, terms: termPlace(of: terms), holder: holder)
    if draft.count * 4 > slots.count * 3 {
      grow()
    } else {
      insert(draft.count - 1, key.mark)
    }
    return true
  }

  consuming func finished(advise: (inout MutableRawSpan) -> Void) -> ListStore {
    slots = []
    return ListStore(arranging: draft, advise: advise)
  }

  private mutating func termPlace(of shared: EntryTerms) -> UInt32 {
    if let place = termPlaces[shared] { return place }
    let place = UInt32(draft.terms.count)
    draft.terms.append(shared)
    termPlaces[shared] = place
    return place
  }

  private borrowing func find(_ key: CredentialKey) -> Int? {
    var slot = ListStore.bucket(key.mark, among: slots.count)
    while slots[slot] != 0 {
      if slots[slot] >> ListSnapshotBuilder.placeBits == tag(key.mark) {
        let place = Int(slots[slot] & ListSnapshotBuilder.placeMask) - 1
        if draft.isKey(key, at: place) { return place }
      }
      slot = slot + 1 == slots.count ? 0 : slot + 1
    }
    return nil
  }

  private mutating func grow() {
    slots = Array(repeating: 0, count: slots.count * 2)
    for place in 0..<draft.count {
      insert(place, draft.marks[place])
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
