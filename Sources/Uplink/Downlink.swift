import Broker
import Journal
import Messages
import Platform

/// Takes what HQ says, refuses what it must not have said, and hands the rest to the controller.
struct Downlink {
  let topics: UplinkTopics
  let control: ControlClient
  let key: VerifyingKey?
  let note: @Sendable (String) -> Void
  var gate = CommandGate()
  private let lists: ListDesk
  private var quietUntil: UInt64 = 0
  private(set) var pulls: [UplinkPull] = []
  /// What the birth says has changed, or somebody needs a new challenge.
  private var birthIsWanted = false
  /// HQ asked who this is, each time with a pull of no records: by their ids.
  private var asked: [String] = []
  /// Verified here, and still to be told to the controller, which keeps it.
  private(set) var acknowledgement: UplinkAcknowledgement?

  init(
    topics: UplinkTopics, control: ControlClient, key: VerifyingKey?, lists: ListDesk,
    note: @escaping @Sendable (String) -> Void
  ) {
    self.lists = lists
    self.topics = topics
    self.control = control
    self.key = key
    self.note = note
  }

  /// Whether a birth is to be said now, and which pull it answers.
  mutating func nextBirth(tick: UInt64 = MonotonicClock.now()) -> (isWanted: Bool, asked: String?) {
    defer { birthIsWanted = false }
    if !asked.isEmpty { return (true, asked.removeFirst()) }
    return (birthIsWanted || gate.isGrowingOld(tick: tick), nil)
  }

  /// One message; what it is answered with, where it is answered.
  ///
  /// - Parameter tick: nanoseconds of a clock that never jumps.
  mutating func take(
    _ message: BrokerSession.Message, reader: JournalReader, sender: inout LogSender,
    tick: UInt64 = MonotonicClock.now()
  ) throws(StoreError) -> UplinkReply? {
    guard let (topics, topic) = UplinkTopics.parse(message.topic), topics == self.topics else {
      refuse(message.topic, "the topic is not this gateway's")
      return nil
    }
    if message.retained {
      refuse(message.topic, "it was retained by the broker: nothing that HQ says is meant to be kept")
      return nil
    }
    do throws(MessageFault) {
      switch topic {
      case .acknowledge:
        try take(try UplinkAcknowledgement.parse(message.payload), reader, &sender)
        return nil
      case .pull:
        let pull = try UplinkPull.parse(message.payload)
        return answer(message.topic, pull.id) { (self) throws(MessageFault) in try self.queue(pull) }
      case .list: return try takeList(message)
      case .command: return try takeCommand(message, tick)
      case .birth, .death, .log, .live, .reply:
        throw MessageFault("a gateway does not take this topic")
      }
    } catch {
      refuse(message.topic, error.text)
      return nil
    }
  }

  /// Notes every refusal, and has the controller log them; not each of a flood.
  private mutating func refuse(_ topic: String, _ why: String) {
    note("refused \(topic): \(why)")
    let now = MonotonicClock.now() / 1_000_000
    guard now >= quietUntil else { return }
    quietUntil = now + UplinkLimits.refusalMilliseconds
    // For the log; a controller that does not answer has its own troubles to tell.
    _ = try? control.ask("uplink.refused", ["topic": .string(topic), "why": .string(why)])
  }

  private mutating func answer(
    _ topic: String, _ id: String, _ body: (inout Downlink) throws(MessageFault) -> Bool
  ) -> UplinkReply? {
    do throws(MessageFault) {
      return try body(&self) ? UplinkReply(id: id) : nil
    } catch {
      refuse(topic, error.text)
      return UplinkReply(id: id, error: error.text)
    }
  }

  private mutating func take(
    _ acknowledgement: UplinkAcknowledgement, _ reader: JournalReader, _ sender: inout LogSender
  ) throws(MessageFault) {
    let known: [UInt8]?
    do throws(StoreError) {
      known = try reader.hash(of: acknowledgement.through)
    } catch {
      throw MessageFault(error.description)
    }
    // What was pruned was acknowledged before; only what is newer matters.
    guard acknowledgement.through > sender.acknowledged || known != nil else { return }
    guard known == acknowledgement.hash else {
      throw MessageFault(
        "the acknowledgement of seq \(acknowledgement.through) has a hash that is not the log's")
    }
    sender.acknowledge(through: acknowledgement.through)
    if acknowledgement.through >= self.acknowledgement?.through ?? 0 {
      self.acknowledgement = acknowledgement
    }
  }

  /// Tells the controller the newest acknowledgement; where it cannot be reached it is told later.
  mutating func passOnAcknowledgement() {
    guard let acknowledgement else { return }
    do throws(ControlClient.Failure) {
      _ = try control.ask(
        "uplink.ack",
        ["through": .integer(acknowledgement.through), "hash": .string(Hex.text(acknowledgement.hash))])
      self.acknowledgement = nil
    } catch {
      if case .refused(let why) = error {
        note("the controller refused HQ's acknowledgement: \(why)")
        self.acknowledgement = nil
      }
    }
  }

  private mutating func queue(_ pull: UplinkPull) throws(MessageFault) -> Bool {
    // It waits behind no records: somebody may want to open a door.
    if pull.limit == 0 {
      guard asked.count < UplinkLimits.pulls else { throw MessageFault("too many have asked for the birth") }
      asked.append(pull.id)
      return true
    }
    guard pulls.count < UplinkLimits.pulls else { throw MessageFault("too many pulls are waiting") }
    pulls.append(UplinkPull(id: pull.id, after: pull.after, limit: min(pull.limit, UplinkLimits.pullRecords)))
    return false
  }

  /// The next batch that answers a pull, and the reply where that was its last.
  mutating func nextPulled(
    from reader: JournalReader, batch: Int
  ) throws(StoreError) -> (batch: UplinkLogBatch?, reply: UplinkReply?) {
    guard let pull = pulls.first else { return (nil, nil) }
    let limit = min(batch, Int(pull.limit))
    let found = limit > 0 ? try LogSender.batch(from: reader, after: pull.after, limit: limit) : nil
    let sent = Int64(found?.places.count ?? 0)
    guard let found, pull.limit > sent else {
      pulls.removeFirst()
      return (found, UplinkReply(id: pull.id))
    }
    pulls[0].after = found.last
    pulls[0].limit -= sent
    return (found, nil)
  }

  private func signedPayload(_ message: BrokerSession.Message) throws(MessageFault) -> [UInt8] {
    guard let key else {
      throw MessageFault("the site file has no hq_public_key: nothing signed can be checked")
    }
    let envelope = try SignedEnvelope.parse(message.payload)
    guard key.isRight(envelope) else { throw MessageFault("the signature is not HQ's") }
    return envelope.payload
  }

  /// In the same estate every gateway trusts the same key: the signature alone does not say for whom it was given.
  ///
  /// The contract's HQ need not name anybody: what names nobody is for whom it was sent to.
  private func expectOwn(site: String, gateway: String) throws(MessageFault) {
    if site.isEmpty && gateway.isEmpty { return }
    guard UplinkTopics(site: site, gateway: gateway) == topics else {
      throw MessageFault("it was signed for \(site)/\(gateway), and this is \(topics.site)/\(topics.gateway)")
    }
  }

  private mutating func takeCommand(
    _ message: BrokerSession.Message, _ tick: UInt64
  ) throws(MessageFault) -> UplinkReply? {
    let command = try UplinkCommand.parse(try signedPayload(message))
    return answer(message.topic, command.id) { (self) throws(MessageFault) in
      try self.expectOwn(site: command.site, gateway: command.gateway)
      do throws(MessageFault) {
        try self.gate.admit(command, now: Timestamp(milliseconds: WallClock.milliseconds()), tick: tick)
      } catch {
        // Whoever asks again needs a challenge that is good.
        self.birthIsWanted = self.birthIsWanted || self.gate.isWorthSaying(tick: tick)
        throw error
      }
      try self.ask(command.verb, ["point": .string(command.point)])
      return true
    }
  }

  /// The version of the list that the controller decides by; nil where it does not answer.
  func listInForce() -> Int64? {
    guard let version = (try? control.ask("status"))?["list"]?["version"]?.integerValue else { return nil }
    // An older controller may have taken a number that none may have.
    return version <= MessageLimits.listVersion ? version : 0
  }

  mutating func wantBirth() { birthIsWanted = true }

  private func ask(_ verb: String, _ args: JSONValue) throws(MessageFault) {
    do throws(ControlClient.Failure) { _ = try control.ask(verb, args) } catch {
      throw MessageFault(error.description)
    }
  }

  private mutating func takeList(_ message: BrokerSession.Message) throws(MessageFault) -> UplinkReply? {
    let part = try UplinkListPart.parse(try signedPayload(message))
    return answer(message.topic, part.id) { (self) throws(MessageFault) in
      try self.expectOwn(site: part.site, gateway: part.gateway)
      guard let (rows, head) = try self.lists.add(part) else { return false }
      try ListImport(control: self.control).apply(rows, head: head)
      self.lists.note(applied: head)
      self.birthIsWanted = true
      return true
    }
  }
}
