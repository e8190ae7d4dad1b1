/// What an entry counts for besides itself.
struct Membership: Equatable, Sendable {
  /// A mark of the holder's name; 0 where the entry names none.
  var holder: UInt64 = 0
  /// Bits by place in ``CountedGroups``.
  var groups: UInt64 = 0

  @_noLocks init() {}
}

/// The groups whose members in an area are counted.
struct CountedGroups: ~Copyable, Sendable {
  private let places: [Int]

  init(_ setting: PolicySetting) {
    var found: Set<Int> = []
    for area in setting.areas {
      found.formUnion(area.firstIn)
      found.formUnion(area.quotas.map(\.group))
    }
    precondition(found.count <= PolicyLimits.countedGroups, "too many counted groups")
    places = found.sorted()
  }

  var count: Int { @_noLocks get { places.count } }

  @_noLocks
  borrowing func mask(of groups: GroupSet) -> UInt64 {
    var mask: UInt64 = 0
    for place in 0..<places.count where groups.has(places[place]) {
      mask |= 1 << UInt64(place)
    }
    return mask
  }

  func mask(of groups: [Int]) -> UInt64 {
    groups.reduce(0) { mask, group in
      places.firstIndex(of: group).map { mask | 1 << UInt64($0) } ?? mask
    }
  }
}

extension ListStore {
  /// The entry's holder as a mark, the same for the same name; 0 without a name.
  @_noLocks
  borrowing func holder(_ found: Found) -> UInt64 {
    let start = holderStart(found)
    let length = Int(text.byte(at: start))
    guard length > 0 else { return 0 }
    var mix = Fingerprint(seed: 0x68)
    var step = 0
    while step < length {
      mix.add(text.word(at: start + 1 + step) & ListText.mask(length - step))
      step += 8
    }
    return mix.value | 1
  }
}

/// How many of each holder and of each counted group are in each area.
struct MemberCounts: ~Copyable, Sendable {
  private let groupCount: Int
  private var ofGroups: [Int]
  /// Holder and area mixed; 0 is free. At most three quarters are taken.
  private var keys = Array(repeating: UInt64(0), count: 16)
  private var ofHolders = Array(repeating: 0, count: 16)
  private var taken = 0

  init(areas: Int, groups: Int) {
    groupCount = groups
    ofGroups = Array(repeating: 0, count: areas * groups)
  }

  @_noLocks
  borrowing func ofHolder(_ holder: UInt64, in area: Int) -> Int {
    let slot = place(MemberCounts.key(holder, area))
    return keys[slot] == 0 ? 0 : ofHolders[slot]
  }

  /// Members of any of the groups; who is in two of them counts twice.
  @_noLocks
  borrowing func ofGroups(_ groups: UInt64, in area: Int) -> Int {
    var count = 0
    var rest = groups
    while rest != 0 {
      count += ofGroups[area * groupCount + rest.trailingZeroBitCount]
      rest &= rest &- 1
    }
    return count
  }

  mutating func add(_ member: Membership, in area: Int, _ change: Int) {
    for group in 0..<groupCount where member.groups & (1 << UInt64(group)) != 0 {
      ofGroups[area * groupCount + group] += change
    }
    guard member.holder != 0 else { return }
    if (taken + 1) * 4 > keys.count * 3 { grow() }
    let key = MemberCounts.key(member.holder, area)
    let slot = place(key)
    if keys[slot] == 0 {
      keys[slot] = key
      ofHolders[slot] = 0
      taken += 1
    }
    ofHolders[slot] += change
  }

  /// Without those that have nobody inside any more.
  private mutating func grow() {
    let old = zip(keys, ofHolders).filter { $0 != 0 && $1 != 0 }
    var size = 16
    while old.count * 2 >= size { size *= 2 }
    keys = Array(repeating: 0, count: size)
    ofHolders = Array(repeating: 0, count: size)
    for (key, count) in old {
      let slot = place(key)
      keys[slot] = key
      ofHolders[slot] = count
    }
    taken = old.count
  }

  @_noLocks
  private borrowing func place(_ key: UInt64) -> Int {
    let mask = keys.count - 1
    var slot = Int(truncatingIfNeeded: key) & mask
    while keys[slot] != 0 && keys[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  @_noLocks
  private static func key(_ holder: UInt64, _ area: Int) -> UInt64 {
    var mix = Fingerprint(seed: UInt64(area))
    mix.add(holder)
    return mix.value | 1
  }
}
