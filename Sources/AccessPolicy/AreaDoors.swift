import ControlCore

/// Which areas a passage through each point enters and leaves, as bits.
///
/// A point named among an area's entries: `in` enters, `out` leaves; among both entries and exits the same.
/// Named among the exits only: both sides leave, unless the point is another area's entry: then `in` leaves
/// (into that other area) and `out` comes back.
struct AreaDoors: ~Copyable, Sendable {
  private var enters = Array(repeating: UInt64(0), count: Limits.points * 2)
  private var leaves = Array(repeating: UInt64(0), count: Limits.points * 2)
  /// Of each area: those around it, and those in it, at any depth.
  private var around: [UInt64]
  private var inner: [UInt64]

  init(_ areas: [AreaSetting]) {
    precondition(areas.count <= Limits.areas, "too many areas")
    around = areas.indices.map { AreaDoors.around($0, areas) }
    inner = Array(repeating: 0, count: areas.count)
    for (place, outer) in around.enumerated() {
      for area in areas.indices where outer & (1 << UInt64(area)) != 0 {
        inner[area] |= 1 << UInt64(place)
      }
    }
    for (place, area) in areas.enumerated() {
      let bit = UInt64(1) << UInt64(place)
      for point in area.entries {
        enters[point.position * 2] |= bit
        leaves[point.position * 2 + 1] |= bit
      }
      for point in area.exits where !area.entries.contains(point) {
        let leadsOn = areas.contains { $0.entries.contains(point) }
        leaves[point.position * 2] |= bit
        if leadsOn {
          enters[point.position * 2 + 1] |= bit
        } else {
          leaves[point.position * 2 + 1] |= bit
        }
      }
    }
  }

  @_noLocks
  borrowing func entered(_ point: PointIndex, _ side: Side) -> UInt64 {
    enters[point.position * 2 + AreaDoors.offset(side)]
  }

  @_noLocks
  borrowing func left(_ point: PointIndex, _ side: Side) -> UInt64 {
    leaves[point.position * 2 + AreaDoors.offset(side)]
  }

  /// Who is in one of `areas` is in these as well.
  @_noLocks
  borrowing func around(_ areas: UInt64) -> UInt64 {
    var found: UInt64 = 0
    for place in 0..<around.count where areas & (1 << UInt64(place)) != 0 {
      found |= around[place]
    }
    return found
  }

  /// Who leaves one of `areas` leaves these as well.
  @_noLocks
  borrowing func inner(_ areas: UInt64) -> UInt64 {
    var found: UInt64 = 0
    for place in 0..<inner.count where areas & (1 << UInt64(place)) != 0 {
      found |= inner[place]
    }
    return found
  }

  private static func around(_ place: Int, _ areas: [AreaSetting]) -> UInt64 {
    var found: UInt64 = 0
    var next = areas[place].within
    while let area = next, found & (1 << UInt64(area)) == 0 {
      found |= 1 << UInt64(area)
      next = areas[area].within
    }
    return found
  }

  @_noLocks
  private static func offset(_ side: Side) -> Int {
    switch side {
    case .in: 0
    case .out: 1
    }
  }
}
