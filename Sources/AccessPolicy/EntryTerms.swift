/// What many entries share.
struct EntryTerms: Hashable, Sendable {
  var validFrom: Int64?
  var validUntil: Int64?
  /// Nil: without limit.
  var uses: UInt32?
  var flags: ListFlags
  var groups: GroupSet
}

/// A set of places in ``PolicySetting/groups``.
struct GroupSet: Hashable, Sendable {
  private var low: UInt64 = 0
  private var second: UInt64 = 0
  private var third: UInt64 = 0
  private var high: UInt64 = 0

  init() {}

  /// As ``word(_:)`` gives them.
  @_noLocks
  init(_ low: UInt64, _ second: UInt64, _ third: UInt64, _ high: UInt64) {
    self.low = low
    self.second = second
    self.third = third
    self.high = high
  }

  mutating func insert(_ group: Int) {
    precondition(group >= 0 && group < PolicyLimits.groups, "group beyond the limit")
    let bit = UInt64(1) << UInt64(group & 63)
    switch group >> 6 {
    case 0: low |= bit
    case 1: second |= bit
    case 2: third |= bit
    default: high |= bit
    }
  }

  @_noLocks
  func has(_ group: Int) -> Bool {
    word(group >> 6) >> UInt64(group & 63) & 1 != 0
  }

  /// The next group of the set behind `group`, or ``PolicyLimits/groups``.
  @_noLocks
  func next(after group: Int) -> Int {
    let first = group + 1
    var place = first >> 6
    guard place < 4 else { return PolicyLimits.groups }
    var rest = word(place) & (.max << UInt64(first & 63))
    while rest == 0 {
      place += 1
      guard place < 4 else { return PolicyLimits.groups }
      rest = word(place)
    }
    return place << 6 | rest.trailingZeroBitCount
  }

  /// The groups from `place * 64` on, one bit each.
  @_noLocks
  func word(_ place: Int) -> UInt64 {
    switch place {
    case 0: low
    case 1: second
    case 2: third
    default: high
    }
  }
}

/// Eight words in the list's table: which of the optional values are there, with the flags above them; then the
/// values, then the groups.
extension EntryTerms {
  static var words: Int { @_noLocks get { 8 } }

  @_noLocks
  init(at place: UnsafePointer<UInt64>) {
    let marks = unsafe place[0]
    unsafe validFrom = marks & 1 == 0 ? nil : Int64(bitPattern: place[1])
    unsafe validUntil = marks & 2 == 0 ? nil : Int64(bitPattern: place[2])
    unsafe uses = marks & 4 == 0 ? nil : UInt32(truncatingIfNeeded: place[3])
    unsafe flags = EntryTerms.flags(at: place)
    unsafe groups = GroupSet(place[4], place[5], place[6], place[7])
  }

  @_noLocks
  static func flags(at place: UnsafePointer<UInt64>) -> ListFlags {
    unsafe ListFlags(rawValue: UInt8(truncatingIfNeeded: place[0] >> 8))
  }

  func write(to place: UnsafeMutablePointer<UInt64>) {
    let marks =
      UInt64(flags.rawValue) << 8 | (validFrom == nil ? 0 : 1) | (validUntil == nil ? 0 : 2)
      | (uses == nil ? 0 : 4)
    unsafe place[0] = marks
    unsafe place[1] = UInt64(bitPattern: validFrom ?? 0)
    unsafe place[2] = UInt64(bitPattern: validUntil ?? 0)
    unsafe place[3] = UInt64(uses ?? 0)
    for word in 0..<4 { unsafe place[4 + word] = groups.word(word) }
  }
}
