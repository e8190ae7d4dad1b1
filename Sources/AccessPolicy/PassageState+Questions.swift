import ControlCore

/// What the decision asks of the state.
extension PassageState {
  /// Whether a grant of a credential with this mark may wait for its passage.
  @_noLocks
  func mayWait(_ mark: UInt32) -> Bool {
    pendingMarks & (1 << UInt64(mark & 63)) != 0
  }

  /// The credential's grants that wait for their passage at other points.
  @_noLocks
  func waiting(_ credential: CredentialKey, elsewhereThan point: PointIndex) -> Int64 {
    guard mayWait(credential.mark) else { return 0 }
    var count: Int64 = 0
    for place in 0..<pending.count where pending[place].point.raw != point.raw {
      if pending[place].credential == credential { count += 1 }
    }
    return count
  }

  /// A grant that waits at another point counts as gone through.
  @_noLocks
  func place(of credential: CredentialKey, _ known: CredentialPlace, elsewhereThan point: PointIndex)
    -> CredentialPlace
  {
    guard mayWait(credential.mark) else { return known }
    var place = known
    for index in 0..<pending.count where pending[index].point.raw != point.raw {
      guard pending[index].credential == credential else { continue }
      let entered = doors.entered(pending[index].point, pending[index].side)
      guard entered != 0 else { continue }
      place.inside |= entered
      place.known |= entered
      place.at = .max
      place.instant = nil
    }
    return place
  }

  /// Of one holder in the area, and granted into it at other points.
  @_noLocks
  func expected(of holder: UInt64, in area: Int, besides point: PointIndex, _ credential: CredentialKey)
    -> Int
  {
    members.ofHolder(holder, in: area)
      + onTheirWay(into: area, besides: point, credential, holder: holder, groups: 0)
  }

  /// Of some groups in the area, and granted into it at other points.
  @_noLocks
  func expected(
    ofGroups groups: UInt64, in area: Int, besides point: PointIndex, _ credential: CredentialKey
  ) -> Int {
    members.ofGroups(groups, in: area)
      + onTheirWay(into: area, besides: point, credential, holder: 0, groups: groups)
  }

  @_noLocks
  private func onTheirWay(
    into area: Int, besides point: PointIndex, _ credential: CredentialKey, holder: UInt64, groups: UInt64
  ) -> Int {
    var count = 0
    guard pendingEntered & (1 << UInt64(area)) != 0 else { return 0 }
    for index in 0..<pending.count where pending[index].point.raw != point.raw {
      let entered = doors.entered(pending[index].point, pending[index].side)
      guard entered & (1 << UInt64(area)) != 0 else { continue }
      let member = pending[index].member
      guard holder != 0 ? member.holder == holder : member.groups & groups != 0 else { continue }
      if pending[index].credential == credential { continue }
      if let known = table.find(pending[index].credential), table.isInside(area, at: known) { continue }
      count += 1
    }
    return count
  }

  /// Those in the area, and those granted into it at other points who are on their way.
  @_noLocks
  func expected(in area: Int, besides point: PointIndex, _ credential: CredentialKey) -> Int {
    var count = max(0, named[area] + unnamed[area])
    guard pendingEntered & (1 << UInt64(area)) != 0 else { return count }
    for index in 0..<pending.count where pending[index].point.raw != point.raw {
      let entered = doors.entered(pending[index].point, pending[index].side)
      guard entered & (1 << UInt64(area)) != 0 else { continue }
      if pending[index].credential == credential { continue }
      if let known = table.find(pending[index].credential), table.isInside(area, at: known) { continue }
      count += 1
    }
    return count
  }
}
