/// One interlock group at work; its points are bits.
struct InterlockGroup {
  var points: UInt64 = 0
  /// So many of them may be open at a time.
  var atMost = 1
  /// How long a grant may wait until another point of the group is closed.
  var wait = Interval.zero

  @_noLocks init() {}

  /// Whether `point`, if it opened, would be one too many.
  @_noLocks
  func isFull(for point: Int, open: UInt64) -> Bool {
    (points & open & ~(UInt64(1) << UInt64(point))).nonzeroBitCount >= atMost
  }
}

/// The interlock groups, and for every point those that it belongs to, one bit each.
///
/// In memory of its own, allocated once: a table inside the controller's value would be copied whole wherever a
/// method only reads it.
@safe
struct InterlockTable: ~Copyable, @unchecked Sendable {
  private let groups: UnsafeMutablePointer<InterlockGroup>
  private let memberships: UnsafeMutablePointer<UInt32>

  init(_ settings: [InterlockSetting]) {
    unsafe groups = .allocate(capacity: Limits.interlocks)
    unsafe groups.initialize(repeating: InterlockGroup(), count: Limits.interlocks)
    unsafe memberships = .allocate(capacity: Limits.points)
    unsafe memberships.initialize(repeating: 0, count: Limits.points)
    for (position, setting) in settings.enumerated() {
      var group = InterlockGroup()
      group.atMost = setting.atMost
      group.wait = setting.wait
      for point in setting.points {
        group.points |= UInt64(1) << UInt64(point.raw)
        unsafe memberships[point.position] |= UInt32(1) << UInt32(position)
      }
      unsafe groups[position] = group
    }
  }

  deinit {
    unsafe groups.deinitialize(count: Limits.interlocks)
    unsafe groups.deallocate()
    unsafe memberships.deinitialize(count: Limits.points)
    unsafe memberships.deallocate()
  }

  /// Whether a group of the point has as many others open as it allows.
  @_noLocks
  func isFull(for point: Int, open: UInt64) -> Bool {
    var left = membership(point)
    while left != 0 {
      if unsafe groups[left.trailingZeroBitCount].isFull(for: point, open: open) { return true }
      left &= left - 1
    }
    return false
  }

  /// How long a grant may wait for the groups that are full; zero: not at all.
  @_noLocks
  func patience(of point: Int, open: UInt64) -> Interval {
    var shortest = Interval.zero
    var isFirst = true
    var left = membership(point)
    while left != 0 {
      let group = unsafe groups[left.trailingZeroBitCount]
      left &= left - 1
      guard group.isFull(for: point, open: open) else { continue }
      if isFirst || group.wait < shortest { shortest = group.wait }
      isFirst = false
    }
    return shortest
  }

  @_noLocks
  private func membership(_ point: Int) -> UInt32 {
    precondition(point >= 0 && point < Limits.points, "point out of range")
    return unsafe memberships[point]
  }
}
