public import Journal
import Messages

/// What HQ answers to what gateways say. It touches the store, never the broker.
public struct Collector {
  /// A message to one gateway.
  public struct Outgoing: Sendable, Equatable {
    public var topic: String
    public var payload: [UInt8]

    public init(topic: String, payload: [UInt8]) {
      self.topic = topic
      self.payload = payload
    }
  }

  public let store: HQStore
  /// The gateways it looks after; messages of others are left to others.
  public var share: EstateShare
  let note: @Sendable (String) -> Void
  let tell: @Sendable (Alarm) -> Void
  let silence: UInt64
  /// There are gateways that it has asked, and that should answer.
  var expectsAnswers: Bool { !watches.isEmpty }
  /// Milliseconds without a word after which a gateway is asked who it is.
  var ask: UInt64 { min(HQLimits.askMilliseconds, silence / 3) }
  /// By the store's id of the gateway.
  var watches: [Int64: GatewayWatch] = [:]
  private var quiet = Quiet()
  private var count = 0

  /// - Parameters:
  ///   - silence: milliseconds without a word after which a gateway is silent.
  ///   - note: what a person may want to know.
  ///   - tell: an alarm that was raised, or has ended.
  public init(
    store: HQStore, share: EstateShare = EstateShare(own: "hq"),
    silence: UInt64 = HQLimits.silentMilliseconds, note: @escaping @Sendable (String) -> Void,
    tell: @escaping @Sendable (Alarm) -> Void = { _ in }
  ) {
    self.store = store
    self.share = share
    self.silence = silence
    self.note = note
    self.tell = tell
  }

  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - tick: milliseconds of a clock that never jumps.
  /// - Throws: ``StoreError`` where the store itself fails; a message that is no good is noted and refused.
  public mutating func take(
    topic name: String, payload: [UInt8], retained: Bool, now: Int64, tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    guard let (topics, topic) = UplinkTopics.parse(name), Self.isGood(topics.site),
      Self.isGood(topics.gateway)
    else {
      refuse("a topic", "it is none of this contract", tick)
      return []
    }
    guard share.owns(topics) else { return [] }
    do throws(StoreError) {
      guard !retained else {
        return try refuse(topics, topic, "it was retained by the broker", now, tick)
      }
      return try take(try Incoming(topic, payload), topics, now, tick)
    } catch {
      guard error.kind == .refused else { throw error }
      return try refuse(topics, topic, error.text, now, tick)
    }
  }

  /// Neither empty nor endless, and nothing in it that would do something to a terminal.
  static func isGood(_ id: String) -> Bool {
    !id.isEmpty && id.utf8.count <= HQLimits.idBytes
      && !id.contains(StoredGateway.retirement)
      && id.unicodeScalars.allSatisfy(PlainText.isPlain)
  }

  private mutating func refuse(_ what: String, _ why: String, _ tick: UInt64) {
    if quiet.lets(what, tick) { note("refused \(what): \(why)") }
  }

  /// Notes it, and raises an alarm where HQ knows the gateway: whoever may publish there, publishes nonsense.
  private mutating func refuse(
    _ topics: UplinkTopics, _ topic: UplinkTopics.Topic, _ why: String, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    guard quiet.lets("\(topics.site)/\(topics.gateway)/\(topic)", tick) else { return [] }
    note("refused \(topics.site)/\(topics.gateway) \(topic.rawValue): \(why)")
    if let gateway = try store.gateway(site: topics.site, name: topics.gateway),
      let alarm = try store.raise(.badMessage, "\(topic.rawValue): \(why)", of: gateway, at: now)
    {
      tell(alarm)
    }
    return []
  }

  /// What gateways say.
  private enum Incoming {
    case birth(UplinkBirth)
    case log(UplinkLogBatch)
    case reply(UplinkReply)
    case live(RecordHead, [UInt8])
    /// The connection that has ended; nil: it does not say.
    case death(String?)

    init(_ topic: UplinkTopics.Topic, _ payload: [UInt8]) throws(StoreError) {
      do throws(MessageFault) {
        switch topic {
        case .birth: self = .birth(try UplinkBirth.parse(payload))
        case .log: self = .log(try UplinkLogBatch.parse(payload))
        case .reply: self = .reply(try UplinkReply.parse(payload))
        case .live: self = .live(try RecordHead(payload), payload)
        case .death: self = .death((try? UplinkDeath.parse(payload))?.connection)
        case .acknowledge, .pull, .list, .command: throw MessageFault("HQ does not take this topic")
        }
      } catch {
        throw StoreError(kind: .refused, text: error.text, during: "read a message")
      }
    }
  }

  private mutating func take(
    _ message: Incoming, _ topics: UplinkTopics, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    switch message {
    case .birth(let birth): return try take(birth, topics, now, tick)
    case .log(let batch): return try take(batch, topics, now, tick)
    case .death(let connection): try takeDeath(of: connection, topics, tick)
    case .reply(let reply):
      try hear(topics, now, tick)
      if let error = reply.error { note("\(topics.site)/\(topics.gateway): \(reply.id): \(error)") }
      if let gateway = try store.gateway(site: topics.site, name: topics.gateway),
        try store.answer(reply.id, of: gateway, error: reply.error, at: now), reply.error == nil
      {
        note("\(gateway.fullName): the list that waited for it is in force")
      }
    case .live(let head, let bytes):
      guard head.gateway == topics.gateway else {
        throw StoreError(
          kind: .refused, text: "a record of '\(head.gateway)' on the topic of another gateway",
          during: "read a message")
      }
      try hear(topics, newest: head.seq, now, tick)
      for alarm in try store.takeLive(bytes, site: topics.site, name: topics.gateway, at: now) { tell(alarm) }
    }
    return []
  }

  private mutating func take(
    _ birth: UplinkBirth, _ topics: UplinkTopics, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    let doubt = try store.gateway(site: topics.site, name: topics.gateway).flatMap { watches[$0.id]?.doubt }
    // One that answers somebody else may have been on its way already.
    let isAnswer = birth.asked == nil || birth.asked == doubt?.pull
    let (gateway, raised, doubted) = try store.take(
      birth, site: topics.site, name: topics.gateway, asked: isAnswer ? doubt?.reach : nil, at: now)
    for alarm in raised { tell(alarm) }
    if watches[gateway.id]?.claimed == nil {
      note("\(gateway.fullName) is there: start \(birth.boot), seq \(birth.first) to \(birth.last)")
    }
    try hear(gateway, now, tick)
    watches[gateway.id]?.claimed = birth.acknowledged
    if doubted == nil {
      watches[gateway.id]?.doubt = nil
      watches[gateway.id]?.fresh = (min(birth.last, HQLimits.sequence), now)
    }
    watches[gateway.id]?.connection = birth.connection
    var outgoing = gateway.through.seq > 0 ? [acknowledgement(topics, gateway.through)] : []
    // A gateway sends by itself what comes after what it takes for acknowledged; only what lies before must be asked for.
    if birth.acknowledged > gateway.through.seq {
      outgoing += pullOnce(topics, gateway, tick)
    }
    outgoing += try sendWaitingList(birth, gateway, now, tick)
    if let doubted, doubt == nil {
      let pull = pull(topics, after: 0, limit: 0, id: "doubt-\(share.own)")
      watches[gateway.id]?.doubt = (doubted, "doubt-\(share.own)-\(count)")
      outgoing.append(pull)
    }
    return outgoing
  }

  private mutating func take(
    _ batch: UplinkLogBatch, _ topics: UplinkTopics, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    guard batch.gateway == topics.gateway else {
      throw StoreError(
        kind: .refused, text: "a batch of '\(batch.gateway.prefix(80))' on the topic of another gateway",
        during: "store a batch")
    }
    let (outcome, raised) = try store.take(batch, site: topics.site, at: now)
    for alarm in raised { tell(alarm) }
    guard let gateway = try store.gateway(site: topics.site, name: topics.gateway) else { return [] }
    var isRefused = false
    if case .refused = outcome { isRefused = true }
    try hear(gateway, newest: isRefused ? 0 : batch.last, now, tick)
    switch outcome {
    case .missing: return pullOnce(topics, gateway, tick)
    case .stored(let through, _):
      let answer = [acknowledgement(topics, through)]
      guard let claimed = watches[gateway.id]?.claimed else {
        return answer + helloOnce(topics, gateway, tick)
      }
      return through.seq < claimed ? answer + pullOnce(topics, gateway, tick) : answer
    case .refused(let alarm):
      if quiet.lets("\(gateway.id) \(alarm.kind)", tick) { note("\(gateway.fullName): \(alarm.text)") }
      return []
    }
  }

  /// A broker may tell the end of a connection long after the gateway has come back on another.
  private mutating func takeDeath(
    of connection: String?, _ topics: UplinkTopics, _ tick: UInt64
  ) throws(StoreError) {
    guard let gateway = try store.gateway(site: topics.site, name: topics.gateway) else { return }
    if let present = watches[gateway.id]?.connection, present != connection {
      if quiet.lets("\(gateway.id) death", tick) {
        note("\(gateway.fullName): an older connection has ended; it is there on another")
      }
      return
    }
    try store.takeDeath(site: topics.site, name: topics.gateway)
  }

  func acknowledgement(_ topics: UplinkTopics, _ link: ChainLink) -> Outgoing {
    Outgoing(
      topic: topics.name(.acknowledge),
      payload: UplinkAcknowledgement(through: link.seq, hash: link.hash).encoded())
  }

  mutating func pull(
    _ topics: UplinkTopics, after seq: Int64, limit: Int64 = HQLimits.pullRecords, id: String = "pull"
  ) -> Outgoing {
    count += 1
    return Outgoing(
      topic: topics.name(.pull), payload: UplinkPull(id: "\(id)-\(count)", after: seq, limit: limit).encoded()
    )
  }

  /// A pull of no records: the gateway says its birth again. It connected while HQ was away, and was not heard.
  mutating func hello(_ topics: UplinkTopics) -> Outgoing { pull(topics, after: 0, limit: 0) }

  private mutating func helloOnce(
    _ topics: UplinkTopics, _ gateway: StoredGateway, _ tick: UInt64
  ) -> [Outgoing] {
    if let last = watches[gateway.id]?.askedAt, tick < last + HQLimits.pullMilliseconds { return [] }
    watches[gateway.id]?.askedAt = tick
    return [hello(topics)]
  }

  /// While one pull is being answered, its batches bring HQ nearer; the same is asked again only when none came.
  private mutating func pullOnce(
    _ topics: UplinkTopics, _ gateway: StoredGateway, _ tick: UInt64
  ) -> [Outgoing] {
    let seq = gateway.through.seq
    if let last = watches[gateway.id]?.pulled, seq < last.after + HQLimits.pullRecords,
      tick < last.at + HQLimits.pullMilliseconds
    {
      return []
    }
    watches[gateway.id]?.pulled = (seq, tick)
    return [pull(topics, after: seq)]
  }
}
