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
  private let note: @Sendable (String) -> Void
  /// By `SITE/GATEWAY`: the last pull and when (milliseconds), and how far the gateway says that HQ has everything.
  private var pulls: [String: (after: Int64, at: UInt64)] = [:]
  private var claims: [String: Int64] = [:]
  private var hellos: [String: UInt64] = [:]
  private var count = 0

  public init(store: HQStore, note: @escaping @Sendable (String) -> Void) {
    self.store = store
    self.note = note
  }

  /// What HQ says to every gateway it knows when it has connected: what it has, and that it would like the rest.
  public mutating func greeting() throws(StoreError) -> [Outgoing] {
    var outgoing: [Outgoing] = []
    for gateway in try store.gateways() {
      let topics = UplinkTopics(site: gateway.site, gateway: gateway.name)
      outgoing.append(acknowledgement(topics, gateway.through))
      outgoing.append(pull(topics, after: gateway.through.seq))
      outgoing.append(hello(topics))
    }
    return outgoing
  }

  /// - Parameters:
  ///   - now: milliseconds since 1970.
  ///   - tick: milliseconds of a clock that never jumps.
  /// - Throws: ``StoreError`` where the store itself fails; a message that is no good is noted and refused.
  public mutating func take(
    topic name: String, payload: [UInt8], retained: Bool, now: Int64, tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    guard let (topics, topic) = UplinkTopics.parse(name) else {
      note("refused \(name): the topic is not known")
      return []
    }
    guard !retained else {
      note("refused \(name): it was retained by the broker")
      return []
    }
    let message: Incoming
    do throws(MessageFault) {
      message = try Incoming(topic, payload)
    } catch {
      note("refused \(name): \(error)")
      return []
    }
    switch message {
    case .birth(let birth): return try take(birth, topics, now, tick)
    case .log(let batch): return try take(batch, topics, now, tick)
    case .death: try store.takeDeath(site: topics.site, name: topics.gateway)
    case .reply(let reply):
      if let error = reply.error { note("\(topics.site)/\(topics.gateway): \(reply.id): \(error)") }
    case .live: break
    }
    return []
  }

  /// What gateways say.
  private enum Incoming {
    case birth(UplinkBirth)
    case log(UplinkLogBatch)
    case reply(UplinkReply)
    case death, live

    init(_ topic: UplinkTopics.Topic, _ payload: [UInt8]) throws(MessageFault) {
      switch topic {
      case .birth: self = .birth(try UplinkBirth.parse(payload))
      case .log: self = .log(try UplinkLogBatch.parse(payload))
      case .reply: self = .reply(try UplinkReply.parse(payload))
      case .death: self = .death
      case .live: self = .live
      case .acknowledge, .pull, .list, .command: throw MessageFault("HQ does not take this topic")
      }
    }
  }

  private mutating func take(
    _ birth: UplinkBirth, _ topics: UplinkTopics, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    let gateway = try store.take(birth, site: topics.site, name: topics.gateway, at: now)
    note(
      "\(topics.site)/\(topics.gateway) connected: boot \(birth.boot), seq \(birth.first) to \(birth.last)")
    claims[key(topics)] = birth.acknowledged
    var outgoing = gateway.through.seq > 0 ? [acknowledgement(topics, gateway.through)] : []
    // A gateway sends by itself what comes after what it takes for acknowledged; only what lies before must be asked for.
    if birth.acknowledged > gateway.through.seq {
      outgoing += pullOnce(topics, after: gateway.through.seq, tick)
    }
    return outgoing
  }

  private mutating func take(
    _ batch: UplinkLogBatch, _ topics: UplinkTopics, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    guard batch.gateway == topics.gateway else {
      note("refused a batch of '\(batch.gateway)' on the topic of '\(topics.gateway)'")
      return []
    }
    do throws(StoreError) {
      switch try store.take(batch, site: topics.site, at: now) {
      case .missing(let after): return pullOnce(topics, after: after, tick)
      case .stored(let through, _):
        let answer = [acknowledgement(topics, through)]
        guard let claimed = claims[key(topics)] else { return answer + helloOnce(topics, tick) }
        return through.seq < claimed ? answer + pullOnce(topics, after: through.seq, tick) : answer
      }
    } catch {
      guard error.kind == .refused else { throw error }
      note("\(topics.site)/\(topics.gateway): \(error.text)")
      return []
    }
  }

  private func key(_ topics: UplinkTopics) -> String { "\(topics.site)/\(topics.gateway)" }

  private func acknowledgement(_ topics: UplinkTopics, _ link: ChainLink) -> Outgoing {
    Outgoing(
      topic: topics.name(.acknowledge),
      payload: UplinkAcknowledgement(through: link.seq, hash: link.hash).encoded())
  }

  private mutating func pull(
    _ topics: UplinkTopics, after seq: Int64, limit: Int64 = HQLimits.pullRecords
  ) -> Outgoing {
    count += 1
    return Outgoing(
      topic: topics.name(.pull), payload: UplinkPull(id: "pull-\(count)", after: seq, limit: limit).encoded())
  }

  /// A pull of no records: the gateway says its birth again. It connected while HQ was away, and was not heard.
  private mutating func hello(_ topics: UplinkTopics) -> Outgoing { pull(topics, after: 0, limit: 0) }

  private mutating func helloOnce(_ topics: UplinkTopics, _ tick: UInt64) -> [Outgoing] {
    if let last = hellos[key(topics)], tick < last + HQLimits.pullMilliseconds { return [] }
    hellos[key(topics)] = tick
    return [hello(topics)]
  }

  /// While one pull is being answered, its batches bring HQ nearer; the same is asked again only when none came.
  private mutating func pullOnce(_ topics: UplinkTopics, after seq: Int64, _ tick: UInt64) -> [Outgoing] {
    if let last = pulls[key(topics)], seq < last.after + HQLimits.pullRecords,
      tick < last.at + HQLimits.pullMilliseconds
    {
      return []
    }
    pulls[key(topics)] = (seq, tick)
    return [pull(topics, after: seq)]
  }
}
