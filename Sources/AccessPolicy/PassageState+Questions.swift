import ControlCore

/// What the decision asks of the state.
extension PassageState {
  /// The credential's grants that wait for their passage at other points.
  @_noLocks
  func waiting(_ credential: CredentialKey, elsewhereThan point: PointIndex) -> Int64 {
    guard waitingGrants.mayHold(credential.mark) else { return 0 }
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
    guard waitingGrants.mayHold(credential.mark) else { return known }
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

  /// The passage of a grant of the credential that waits at the request's point and side, or 0.
  @_noLocks
  func passage(waitingFor credential: CredentialKey, _ point: PointIndex, _ side: Side, _ now: Instant)
    -> UInt64
  {
    guard waitingGrants.mayHold(credential.mark) else { return 0 }
    for place in 0..<pending.count where pending[place].point.raw == point.raw {
      guard pending[place].credential == credential, pending[place].side == side else { continue }
      if now.since(pending[place].at) < .seconds(PolicyLimits.waitingSeconds) {
        return pending[place].passage
      }
    }
    return 0
  }

  /// All who wait but the credential itself, at the same point as well: who has not gone through yet may still.
  ///
  /// - Parameter holder: 0 where nobody asks for the same holder's.
  @_noLocks
  func rivals(of credential: CredentialKey, holder: UInt64) -> Rivals {
    var rivals = Rivals()
    rivals.all = waitingGrants.all
    guard rivals.all.count > 0 else { return rivals }
    if waitingGrants.mayHold(credential.mark) {
      var own = WaitingSet()
      for place in 0..<pending.count where pending[place].credential == credential { own.insert(place) }
      rivals.all = rivals.all.without(own)
    }
    guard holder != 0 else { return rivals }
    for place in 0..<pending.count where pending[place].member.holder == holder {
      rivals.ofHolder.insert(place)
    }
    return rivals
  }

  /// Those in the area, and those granted into it who are on their way.
  @_noLocks
  func expected(in area: Int, _ rivals: Rivals) -> Int {
    max(0, named[area] + unnamed[area]) + waitingGrants.into(area).and(rivals.all).count
  }

  @_noLocks
  func expected(of holder: UInt64, in area: Int, _ rivals: Rivals) -> Int {
    members.ofHolder(holder, in: area)
      + waitingGrants.into(area).and(rivals.all).and(rivals.ofHolder).count
  }

  /// - Parameter group: its place in ``CountedGroups``.
  @_noLocks
  func expected(ofGroup group: Int, in area: Int, _ rivals: Rivals) -> Int {
    members.ofGroups(1 << UInt64(group), in: area)
      + waitingGrants.into(area).and(rivals.all).and(waitingGrants.of(group: group)).count
  }
}
