public import ControlCore

/// Credentials that a person has suspended for a while.
///
/// A time of day is judged by the wall clock and holds on in doubt; a length of time runs on the monotonic clock,
/// and over a restart goes on by the wall clock.
struct Suspension: Sendable {
  var key: CredentialKey
  /// Unix milliseconds, not included; `Int64.max`: until somebody ends it.
  var until: Int64
  /// The same for a length of time, on the monotonic clock.
  var ends: Instant?

  @_noLocks
  func holds(at: Int64, _ now: Instant, isClockTrusted: Bool) -> Bool {
    if let ends { return now < ends }
    return !isClockTrusted || at < until
  }
}

extension PassageState {
  /// Suspends a credential until a moment, for a time, or until ``resume(_:)``.
  ///
  /// A length of time that begins while the clock is not trusted has no end that a restart could know: after one it holds
  /// until ``resume(_:)``.
  /// - Returns: false where too many are suspended already.
  public mutating func suspend(
    _ credential: CredentialKey, until: Int64?, lasting: Interval?, at: Int64, now: Instant,
    isClockTrusted: Bool = true
  ) -> Bool {
    let lasts = isClockTrusted ? lasting.map { at &+ Int64(clamping: $0.milliseconds) } : nil
    let end = until ?? lasts ?? Int64.max
    let suspension = Suspension(
      key: credential, until: end, ends: until == nil ? lasting.map { now + $0 } : nil)
    if let place = suspensions.firstIndex(where: { $0.key == credential }) {
      suspensions[place] = suspension
    } else {
      if suspensions.count >= PolicyLimits.suspensions {
        for ended in suspensions where !ended.holds(at: at, now, isClockTrusted: isClockTrusted) {
          finish(ended)
        }
        suspensions.removeAll { !$0.holds(at: at, now, isClockTrusted: isClockTrusted) }
      }
      guard suspensions.count < PolicyLimits.suspensions else { return false }
      suspensions.append(suspension)
    }
    changedSuspensions.append(PassageState.row(suspension))
    return true
  }

  /// - Returns: false where it was not suspended.
  public mutating func resume(_ credential: CredentialKey) -> Bool {
    guard let place = suspensions.firstIndex(where: { $0.key == credential }) else { return false }
    finish(suspensions.remove(at: place))
    return true
  }

  /// A row that ends at 0 takes the earlier one away.
  private mutating func finish(_ suspension: Suspension) {
    var ended = suspension
    ended.until = 0
    changedSuspensions.append(PassageState.row(ended))
  }

  /// Of a credential the suspension that holds, or -1.
  @_noLocks
  func suspension(of credential: CredentialKey, _ rules: Judgement) -> Int {
    for place in 0..<suspensions.count where suspensions[place].key == credential {
      return suspensions[place].holds(at: rules.at, rules.now, isClockTrusted: rules.isClockTrusted)
        ? place : -1
    }
    return -1
  }

  static func row(_ suspension: Suspension) -> PassageRow {
    PassageRow(
      credential: PassageRow.suspendedPrefix + suspension.key.storedText, areas: "", at: suspension.until,
      uses: 0)
  }

  mutating func restoreSuspension(_ row: PassageRow) {
    let text = String(row.credential.dropFirst(PassageRow.suspendedPrefix.count))
    guard row.at > 0, let key = try? CredentialKey.parse(stored: text) else { return }
    let suspension = Suspension(key: key, until: row.at, ends: nil)
    if suspensions.count < PolicyLimits.suspensions { return suspensions.append(suspension) }
    // Too many are those of a log that kept ended ones too: the ones that end last may still hold.
    let earliest = suspensions.indices.min { suspensions[$0].until < suspensions[$1].until }!
    if suspensions[earliest].until < row.at { suspensions[earliest] = suspension }
  }
}

// MARK: Reset

extension PassageState {
  /// Forgets where a credential is: its next passage is not held against it.
  /// - Returns: false where nothing was known of it.
  public mutating func forgetPlace(of credential: CredentialKey) -> Bool {
    guard let place = table.find(credential) else { return false }
    forgetPlace(table.state(at: place), areas: .max)
    return true
  }

  /// Forgets who is in an area and in those within it: nobody is known to be inside.
  public mutating func forgetPlaces(inArea area: Int) {
    precondition(areaNames.indices.contains(area), "unknown area")
    let areas = bit(area) | doors.inner(bit(area))
    for place in table.states.indices where table.states[place].known & areas != 0 {
      forgetPlace(table.states[place], areas: areas)
    }
    for area in unnamed.indices where areas & bit(area) != 0 {
      unnamed[area] = 0
      changedAreas |= bit(area)
    }
  }

  private mutating func forgetPlace(_ before: CredentialState, areas: UInt64) {
    count(before.inside, before.member, -1)
    changeState(of: before.key) { state in
      state.inside &= ~areas
      state.known &= ~areas
    }
    count(before.inside & ~areas, before.member, 1)
  }
}
