public import ControlCore

/// One of the last reads of a reader.
struct ReadMemory: Sendable {
  /// What was read; nil with `isUsed`: nothing legible.
  var credential: CredentialKey?
  /// Of a grant the entry that passes, whatever was read of it.
  var passing: CredentialKey?
  var isUsed = false
  var track: UInt64?
  var confidence = 1.0
  var first = Instant.zero
  var last = Instant.zero
  var outcome = AccessDecision.Outcome.deny
  var reason = Reason.deniedUnknownCredential
  /// May stand for one who may not go alone.
  var escorts = false
  /// Two persons were granted together.
  var isOfTwo = false
  /// Stays the same presence as long as it is read.
  var lasts = false
  /// The passage that it was granted, or 0.
  var passage: UInt64 = 0

  @_noLocks init() {}

  /// The identity was not established: a better reading of the same thing is judged anew.
  private var isUnsettled: Bool {
    @_noLocks get {
      switch reason {
      case .deniedAuthenticationFactorError: true
      default: false
      }
    }
  }

  /// Whether `request` is this read over again.
  @_noLocks
  func isRepeated(by request: AccessRequest, holdOff: Interval) -> Bool {
    if isUnsettled, (request.confidence ?? 1) > confidence { return false }
    if let track, let other = request.track, track == other {
      return !wasRefused || isRecent(request, holdOff)
    }
    return isCredential(of: request) && isRecent(request, holdOff)
  }

  @_noLocks
  func isCredential(of request: AccessRequest) -> Bool {
    guard let mark = credential?.mark, let other = request.credential?.mark, mark == other else {
      return false
    }
    guard let credential, let other = request.credential else { return false }
    return credential == other
  }

  /// A car that stands in the picture after its grant stays the same presence as long as it is read; one that
  /// was refused is looked at again after each hold-off.
  @_noLocks
  private func isRecent(_ request: AccessRequest, _ holdOff: Interval) -> Bool {
    request.now.since(lasts ? last : first) < holdOff
  }

  /// Whether the read, granted a moment ago, was of this credential.
  @_noLocks
  func isGrant(of other: CredentialKey, _ now: Instant, holdOff: Interval) -> Bool {
    guard isUsed, lasts, let passing, passing.mark == other.mark, passing == other else { return false }
    return now.since(last) < holdOff
  }

  /// Granted, and the machine refused the grant.
  private var wasRefused: Bool {
    @_noLocks get { passage != 0 && !lasts }
  }
}

/// Wrong PINs in a row at one reader.
struct PinTries: Sendable {
  var wrong = 0
  var lockedUntil: Instant?

  @_noLocks init() {}

  /// As ``PassageRow/uses`` tells it; 0: there is nothing to keep. A lockout counts until the next PIN.
  var row: Int { wrong > 0 ? wrong : lockedUntil == nil ? 0 : PassageRow.locked }
}

extension PassageState {
  /// Remembers a read and its decision, for hold-off, tracks, escorts and the lockout after wrong PINs.
  ///
  /// To be called once for every decision, grants and denials alike.
  public mutating func noteRead(_ request: AccessRequest, _ decision: AccessDecision) {
    let start = request.reader.position * PolicyLimits.readsOfReader
    let places = start..<(start + PolicyLimits.readsOfReader)
    if decision.isRepeat {
      if decision.repeated >= 0 { reads[Int(decision.repeated)].last = request.now }
      return
    }
    notePin(request, decision)
    hold(request, decision)
    let place = memory(of: request) ?? places.min { reads[$0].last < reads[$1].last } ?? start
    reads[place] = ReadMemory(request, decision)
    readMarks[request.reader.position].note(reads[place], at: place - start)
    readFilters[request.reader.position] = readMarks[request.reader.position].filter
  }

  /// Where the reader remembers the request's track or credential.
  func memory(of request: AccessRequest) -> Int? {
    let start = request.reader.position * PolicyLimits.readsOfReader
    return (start..<(start + PolicyLimits.readsOfReader)).first { place in
      guard reads[place].isUsed else { return false }
      let sameTrack = request.track != nil && reads[place].track == request.track
      return sameTrack || (request.credential != nil && reads[place].credential == request.credential)
    }
  }

  private mutating func notePin(_ request: AccessRequest, _ decision: AccessDecision) {
    guard request.credential?.kind == .pin else { return }
    let reader = request.reader.position
    if decision.isGrant {
      if pins[reader].row > 0 { changedPins.insert(reader) }
      pins[reader] = PinTries()
    } else if decision.isWrongFactor
      || (decision.reason == .deniedUnknownCredential && decision.lapsedHeld < 0)
    {
      changedPins.insert(reader)
      pins[reader].wrong += 1
      if pins[reader].wrong >= readers[reader].wrongTries {
        pins[reader].wrong = 0
        pins[reader].lockedUntil = request.now + readers[reader].lockout
        lockouts.append(request.reader)
      }
    }
  }

  /// Readers that have begun to take no PIN, each told once: an alarm.
  public mutating func takeLockouts() -> [ReaderIndex] {
    guard !lockouts.isEmpty else { return [] }
    defer { lockouts = [] }
    return lockouts
  }

  /// Whether the reader, or another one of its point and side, may remember a credential with this mark, or the
  /// track.
  @_noLocks
  func mayRemember(_ mark: UInt32, _ track: UInt64?, at reader: ReaderIndex) -> Bool {
    let asked = ReadMarks.asked(mark, track)
    if readFilters[reader.position] & asked != 0, readMarks[reader.position].mayHold(mark, track) {
      return true
    }
    for place in readers[reader.position].siblings..<readers[reader.position].siblingsEnd {
      let other = siblings[place]
      if readFilters[other] & asked != 0, readMarks[other].mayHold(mark, nil) { return true }
    }
    return false
  }

  /// The place of an earlier read of the same presence, or nil.
  @_noLocks
  func repeated(_ request: AccessRequest, holdOff: Interval) -> Int? {
    let start = request.reader.position * PolicyLimits.readsOfReader
    for place in start..<(start + PolicyLimits.readsOfReader) {
      guard reads[place].isUsed else { continue }
      if reads[place].isRepeated(by: request, holdOff: holdOff) { return place }
    }
    return nil
  }

  /// The place of a grant of the same credential a moment ago, at this reader or at another one of its point and
  /// side, or -1: two cameras on one lane, or a front and a rear plate, are one vehicle.
  @_noLocks
  func granted(_ credential: CredentialKey, at reader: ReaderIndex, _ now: Instant) -> Int {
    let own = granted(credential, by: reader.position, now, holdOff: readers[reader.position].holdOff)
    if own >= 0 { return own }
    for place in readers[reader.position].siblings..<readers[reader.position].siblingsEnd {
      let other = siblings[place]
      let longer = readers[other].holdOff < readers[reader.position].holdOff ? reader.position : other
      let found = granted(credential, by: other, now, holdOff: readers[longer].holdOff)
      if found >= 0 { return found }
    }
    return -1
  }

  @_noLocks
  private func granted(_ credential: CredentialKey, by reader: Int, _ now: Instant, holdOff: Interval)
    -> Int
  {
    guard holdOff > .zero else { return -1 }
    let start = reader * PolicyLimits.readsOfReader
    for place in start..<(start + PolicyLimits.readsOfReader)
    where reads[place].isGrant(of: credential, now, holdOff: holdOff) {
      return place
    }
    return -1
  }

  /// Whether somebody who may go alone, or two persons together, were granted at the reader a moment ago.
  @_noLocks
  func isAccompanied(_ rules: Judgement, byTwo: Bool) -> Bool {
    let start = rules.position.position * PolicyLimits.readsOfReader
    for place in start..<(start + PolicyLimits.readsOfReader)
    where reads[place].isUsed && reads[place].escorts && (reads[place].isOfTwo || !byTwo) {
      if rules.now.since(reads[place].last) < .seconds(PolicyLimits.escortSeconds) { return true }
    }
    return false
  }

  /// Milliseconds until the reader takes PINs again; zero: it does.
  @_noLocks
  func lockout(_ rules: Judgement) -> UInt64 {
    guard let until = pins[rules.position.position].lockedUntil else { return 0 }
    return until.since(rules.now).milliseconds
  }
}

extension ReadMemory {
  init(_ request: AccessRequest, _ decision: AccessDecision) {
    credential = request.credential
    passing = decision.isGrant ? decision.credential : nil
    isUsed = true
    track = request.track
    confidence = request.confidence ?? 1
    first = request.now
    last = request.now
    outcome = decision.outcome
    reason = decision.reason
    escorts = decision.isGrant && !decision.escortRequired
    isOfTwo = decision.heldPerson >= 0
    lasts = decision.isGrant
  }
}
