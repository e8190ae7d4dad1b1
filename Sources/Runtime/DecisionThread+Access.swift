import AccessPolicy
import ControlCore
import Messages
import Platform
import Site
import Synchronization

extension DecisionThread {
  /// One reading: decided, written down, and when that is durable, answered and carried out.
  mutating func decide(_ presentation: Presentation) {
    let now = Instant(nanoseconds: MonotonicClock.now())
    let reader = site.policy.readers[presentation.reader.position]
    let list = lists.current
    let wall = WallClock.milliseconds()
    status.countRead(reader: presentation.reader.position, at: Timestamp(milliseconds: wall))
    let request = AccessRequest(
      reader: presentation.reader, credential: try? presentation.credential.get(),
      confidence: presentation.confidence,
      candidates: presentation.candidates.map { Candidate(credential: $0.key, confidence: $0.confidence) },
      characters: presentation.characters, at: wall,
      clock: trust(status.clock(wall: wall, monotonic: now.nanoseconds)), now: now,
      condition: condition(of: reader.point),
      track: presentation.track.map { AccessRequest.trackNumber($0) })
    let (decision, saw) = policy.decide(request, list)
    let basis = DecisionBasis(request: request, list: list, saw: saw.map { seenText.json($0) })
    if let fault = foreign(presentation) { return refuse(presentation, decision, basis, fault) }
    let presence = presenceKeys(presentation)
    office(presentation, decision, list)
    if decision.isRepeat {
      if decision.duress { desk.submit(duressRecord(record(presentation, decision, basis))) }
      renew(decision)
      return answerAgain(presentation, decision, presence, now)
    }
    var record = self.record(presentation, decision, basis)
    tellLockouts()
    var command: Command?
    if decision.isGrant {
      let grant = open(presentation, decision, request)
      record.passage = writer.passageName(grant.passage)
      command = self.command(for: grant, decision, received: presentation.received)
    }
    settle(presentation, decision, record, command, presence, now)
    if decision.duress { desk.submit(duressRecord(record)) }
    if decision.passbackViolated { desk.submit(self.passbackRecord(record)) }
  }

  /// A start reads the list while the sockets are open already: who is on it is not turned away meanwhile.
  func waits(_ presentation: Presentation) -> Bool {
    !lists.isSettled && early.count < RuntimeLimits.decisionInbox
      && Instant(nanoseconds: MonotonicClock.now()) < presentation.received + RuntimeLimits.listPatience
  }

  mutating func decideEarly() {
    while let first = early.first, !waits(first) {
      early.removeFirst()
      decide(first)
    }
  }

  /// Why the reader cannot have read this; nil where it can.
  func foreign(_ presentation: Presentation) -> String? {
    let reader = site.policy.readers[presentation.reader.position]
    guard let read = try? presentation.credential.get(), !reader.kind.canRead(read.kind) else { return nil }
    return "reader '\(reader.name)': \(reader.kind.refusal(of: read.kind))"
  }

  /// A source that speaks for the wrong reader is told so; the log has it as a denial.
  private func refuse(
    _ presentation: Presentation, _ decision: AccessDecision, _ basis: DecisionBasis, _ fault: String
  ) {
    if !decision.isRepeat { desk.submit(record(presentation, decision, basis)) }
    guard let source = presentation.source else { return }
    source.box.post(
      IngressReply.refused(id: source.request, error: fault).encoded(), to: source.connection)
  }

  /// Hands the record in and keeps what waits for it.
  private mutating func settle(
    _ presentation: Presentation, _ decision: AccessDecision, _ record: LogRecord, _ command: Command?,
    _ presence: [PresenceKey], _ now: Instant
  ) {
    // A wrong PIN counts over a restart, and is in the log with it.
    let ticket = desk.submit(record, changes: policy.takeChanges())
    var answer = UndurableAnswer(
      decision: decision.isGrant ? .grant : .deny, reason: decision.reason.name,
      point: site.policy.readers[presentation.reader.position].point, command: command,
      sources: presentation.source.map { [$0] } ?? [], commandBy: now + site.journal.commitBudget,
      answerBy: now + RuntimeLimits.replyLimit, memory: presence)
    remember(answer, seq: 0, ticket: ticket, now: now)
    guard let ticket, status.journal.error == nil else {
      // The log cannot be had: the doors go on, and what could be kept is written later.
      carryOut(&answer)
      return reply(answer, seq: 0)
    }
    undurable[ticket] = answer
  }

  // MARK: After the record

  /// The record is on the disk.
  mutating func durable(_ ticket: UInt64, _ seq: Int64) {
    guard var answer = undurable.removeValue(forKey: ticket) else { return }
    carryOut(&answer)
    reply(answer, seq: seq)
    remember(answer, seq: seq, ticket: nil, now: Instant(nanoseconds: MonotonicClock.now()))
  }

  private mutating func remember(_ answer: UndurableAnswer, seq: Int64, ticket: UInt64?, now: Instant) {
    let last = LastAnswer(decision: answer.decision, reason: answer.reason, seq: seq, ticket: ticket)
    for key in answer.memory { answers.remember(reader: key.reader, key.text, last, now: now) }
  }

  /// What has waited long enough: a person at a barrier does not wait for a slow card.
  mutating func expire(now: Instant) {
    let failing = status.journal.error != nil
    for (ticket, var answer) in undurable where answer.deadline <= now {
      if let command = answer.command {
        carryOut(&answer)
        noteEarlyGrant(command, answer)
      }
      if failing || answer.answerBy <= now {
        undurable[ticket] = nil
        reply(answer, seq: 0)
      } else {
        undurable[ticket] = answer
      }
    }
  }

  private func noteEarlyGrant(_ command: Command, _ answer: UndurableAnswer) {
    guard case .grant(_, let grant) = command.action else { return }
    var record = writer.draft(
      .system,
      detail: [
        "event": "grant-before-durable", "budget_ms": .integer(Int64(site.journal.commitBudget.milliseconds)),
      ])
    record.point = site.pointNames[answer.point.position]
    record.passage = writer.passageName(grant.passage)
    desk.submit(record)
  }

  private mutating func carryOut(_ answer: inout UndurableAnswer) {
    guard var command = answer.command else { return }
    answer.command = nil
    command.expires = Instant(nanoseconds: MonotonicClock.now()) + RuntimeLimits.commandLife
    guard case .grant(_, let grant) = command.action, !ports.commands.post(command) else { return }
    policy.refused(passage: grant.passage)
    grants[command.token] = nil
    passages[grant.passage] = nil
    desk.submit(writer.draft(.system, detail: ["event": "command-not-taken"]))
  }

  private func reply(_ answer: UndurableAnswer, seq: Int64) {
    for source in answer.sources { reply(source, answer.decision, answer.reason, answer.point, seq) }
  }

  private func reply(
    _ source: Presentation.Source, _ decision: LogRecord.Decision, _ reason: String, _ point: PointIndex,
    _ seq: Int64
  ) {
    let line = IngressReply.decided(
      id: source.request, decision: decision, reason: reason, point: site.pointNames[point.position], seq: seq
    )
    source.box.post(line.encoded(), to: source.connection)
  }

  /// Who shows his credential again before he went through finds the door unlocked for its whole time; the passage stays
  /// the one that was granted. An arm or a leaf waits for its passage without that.
  private func renew(_ decision: AccessDecision) {
    guard decision.renews != 0, let grant = passages[decision.renews],
      case .door = site.control.points[grant.point.position],
      !undurable.values.contains(where: { waits($0.command, for: grant) })
    else { return }
    let now = Instant(nanoseconds: MonotonicClock.now())
    let order = Grant(
      passage: grant.passage, side: grant.side, extended: decision.extended,
      passesLockdown: decision.passesLockdown)
    // Where it is not taken, the first grant holds.
    _ = ports.commands.post(
      Command(
        .grant(grant.point, order), token: ports.commands.nextToken(), issued: now,
        expires: now + RuntimeLimits.commandLife))
  }

  private func waits(_ command: Command?, for grant: GrantedPassage) -> Bool {
    guard case .grant(_, let order)? = command?.action else { return false }
    return order.passage == grant.passage
  }

  /// The same presence as before: the first answer holds.
  private mutating func answerAgain(
    _ presentation: Presentation, _ decision: AccessDecision, _ presence: [PresenceKey], _ now: Instant
  ) {
    guard let source = presentation.source else { return }
    let last = presence.compactMap { key in
      answers.answer(reader: key.reader, key.text, now: now, life: RuntimeLimits.trackLife)
    }.first
    if let ticket = last?.ticket, undurable[ticket] != nil {
      undurable[ticket]!.sources.append(source)
      return
    }
    reply(
      source, decision.isGrant ? .grant : .deny, decision.reason.name,
      site.policy.readers[presentation.reader.position].point, last?.seq ?? 0)
  }

  // MARK: Parts of a decision

  /// The track first: it says for certain that it is the same thing.
  private func presenceKeys(_ presentation: Presentation) -> [PresenceKey] {
    let texts = [
      presentation.track.map { "track \($0)" },
      (try? presentation.credential.get()).map { $0.storedText },
    ]
    return texts.compactMap { text in
      text.map { PresenceKey(reader: presentation.reader.position, text: $0) }
    }
  }

  private mutating func open(
    _ presentation: Presentation, _ decision: AccessDecision, _ request: AccessRequest
  ) -> GrantedPassage {
    let reader = site.policy.readers[presentation.reader.position]
    lastPassage += 1
    let credential = decision.credential.map { "\($0)" } ?? ""
    let grant = GrantedPassage(
      passage: lastPassage, point: reader.point, reader: presentation.reader, side: reader.side,
      credential: credential)
    if passages.count >= RuntimeLimits.openPassages, let oldest = passages.keys.min() {
      passages[oldest] = nil
    }
    passages[lastPassage] = grant
    policy.granted(decision, request, passage: lastPassage)
    return grant
  }

  private mutating func command(
    for grant: GrantedPassage, _ decision: AccessDecision, received: Instant
  ) -> Command {
    let token = ports.commands.nextToken()
    grants[token] = grant
    let order = Grant(
      passage: grant.passage, side: grant.side, extended: decision.extended,
      passesLockdown: decision.passesLockdown)
    return Command(.grant(grant.point, order), token: token, issued: received, expires: received)
  }

  func trust(_ clock: LogRecord.Clock) -> AccessPolicy.ClockTrust {
    switch clock {
    case .synced: .synced
    case .holdover: .holdover
    case .untrusted: .untrusted
    }
  }

  /// What holds the point back, as the last scan saw it.
  func condition(of point: PointIndex) -> PointCondition {
    ports.snapshot.read { snapshot in
      var condition: PointCondition = []
      let status = snapshot.points[point.position]
      if status.outOfService { condition.insert(.outOfService) }
      if status.lockedDown { condition.insert(.lockedDown) }
      // Where a grant may wait for the other door, the machine says how that ended.
      if status.interlocked && !status.interlockWaits { condition.insert(.interlockBusy) }
      return condition
    }
  }
}
