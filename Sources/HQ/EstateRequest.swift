public import Broker
public import Messages
import Platform

/// Says something to gateways and waits for the reply of each.
public struct EstateRequest {
  public enum Answer: Sendable, Equatable {
    case done
    case refused(String)
    /// No reply within the time: it may have been done.
    case silent
  }

  /// What one gateway is told.
  public struct Telling {
    public var topics: UplinkTopics
    public var id: String
    /// How many payloads, and what they come to, in bytes.
    public var parts: Int
    public var bytes: Int
    /// One payload, from 1: made when it is sent, so that a list for many gateways stands in memory once.
    public var payload: (Int) -> [UInt8]
    /// Of a list: a gateway that says it has this version of it in force has done it, also where its reply was lost.
    public var version: Int64?
    /// The connection that it was heard on last: a birth of another one tells that parts may have got lost.
    public var connection: String?

    public init(
      topics: UplinkTopics, id: String, parts: Int, bytes: Int, version: Int64? = nil,
      connection: String? = nil, payload: @escaping (Int) -> [UInt8]
    ) {
      self.connection = connection
      self.version = version
      self.topics = topics
      self.id = id
      self.parts = parts
      self.bytes = bytes
      self.payload = payload
    }

    /// Of one payload.
    public init(topics: UplinkTopics, id: String, payload: [UInt8]) {
      self.init(topics: topics, id: id, parts: 1, bytes: payload.count) { _ in payload }
    }
  }

  public var broker: BrokerSettings
  public var topic: UplinkTopics.Topic
  /// How long each gateway has for its reply.
  public var milliseconds: UInt64
  /// Payload bytes that may wait for replies at once; one gateway is always told.
  public var width: Int

  public init(
    broker: BrokerSettings, topic: UplinkTopics.Topic, milliseconds: UInt64 = HQLimits.replyMilliseconds,
    width: Int = HQLimits.requestBytes
  ) {
    self.broker = broker
    self.topic = topic
    self.milliseconds = milliseconds
    self.width = width
  }

  private struct Waiting {
    var telling: Telling
    var deadline: UInt64
    var connection: String?
    /// Parts that the gateway lacked when it last said so.
    var missing = Int.max
  }

  /// - Parameter answer: called once for each, as it comes.
  /// - Throws: ``BrokerError`` where the broker cannot be reached, or is lost; those not answered yet are not called.
  public func send(
    _ tellings: [Telling], answer: (Telling, Answer) throws -> Void
  ) throws {
    let session = try BrokerSession(broker)
    let limit = MonotonicClock.now() + milliseconds * 1_000_000
    var isConnected = false
    var left = tellings[...]
    var waiting: [Waiting] = []
    while !left.isEmpty || !waiting.isEmpty {
      for event in try session.step(milliseconds: 50) {
        switch event {
        case .connected: isConnected = true
        case .subscribed: break
        case .message(let message):
          if let place = try sendAgain(message, &waiting, session) {
            try answer(waiting.remove(at: place).telling, .done)
            continue
          }
          guard let (place, given) = Self.read(message, waiting) else { continue }
          try answer(waiting.remove(at: place).telling, given)
        }
      }
      let now = MonotonicClock.now()
      guard isConnected else {
        guard now < limit else { throw BrokerError(call: "CONNACK", text: "the broker does not answer") }
        continue
      }
      for entry in waiting where now >= entry.deadline { try answer(entry.telling, .silent) }
      waiting.removeAll { now >= $0.deadline }
      while let next = left.first, waiting.isEmpty || waiting.reduce(0, { $0 + $1.telling.bytes }) < width {
        left.removeFirst()
        try session.subscribe(next.topics.name(.reply))
        if next.version != nil { try session.subscribe(next.topics.name(.birth)) }
        for part in 1...next.parts { try session.publish(next.topics.name(topic), next.payload(part)) }
        waiting.append(
          Waiting(
            telling: next, deadline: now + milliseconds * 1_000_000, connection: next.connection))
      }
    }
  }

  /// Asks gateways who they are, with a pull of no records: what HQ has stored of them may be old.
  ///
  /// - Parameter milliseconds: how long all of them together have for their answers.
  /// - Returns: the births of those that answered in time.
  /// - Throws: ``BrokerError`` where the broker cannot be reached, or is lost.
  public func greet(
    _ gateways: [UplinkTopics], milliseconds: UInt64
  ) throws(BrokerError) -> [UplinkTopics: UplinkBirth] {
    let session = try BrokerSession(broker)
    let pull = UplinkPull(id: "hello-\(broker.client)", after: 0, limit: 0)
    var deadline = MonotonicClock.now() + self.milliseconds * 1_000_000
    var isConnected = false
    var births: [UplinkTopics: UplinkBirth] = [:]
    let expected = Set(gateways)
    while births.count < expected.count {
      for event in try session.step(milliseconds: 50) {
        switch event {
        case .connected:
          isConnected = true
          deadline = MonotonicClock.now() + milliseconds * 1_000_000
          for topics in expected { try session.subscribe(topics.name(.birth)) }
        case .subscribed(let filter, _):
          guard let (topics, _) = UplinkTopics.parse(filter) else { continue }
          try session.publish(topics.name(.pull), pull.encoded())
        case .message(let message):
          guard !message.retained, let (topics, _) = UplinkTopics.parse(message.topic),
            expected.contains(topics), let birth = try? UplinkBirth.parse(message.payload),
            birth.asked == nil || birth.asked == pull.id
          else { continue }
          births[topics] = birth
        }
      }
      guard MonotonicClock.now() >= deadline else { continue }
      guard isConnected else { throw BrokerError(call: "CONNACK", text: "the broker does not answer") }
      break
    }
    return births
  }

  /// A gateway that connects again while it is waited for says what it has not got; it has its time anew as long as
  /// that becomes less.
  ///
  /// - Returns: the place of one that has it in force.
  private func sendAgain(
    _ message: BrokerSession.Message, _ waiting: inout [Waiting], _ session: BrokerSession
  ) throws(BrokerError) -> Int? {
    guard !message.retained, let (topics, topic) = UplinkTopics.parse(message.topic), topic == .birth,
      let place = waiting.firstIndex(where: { $0.telling.topics == topics }),
      let birth = try? UplinkBirth.parse(message.payload)
    else { return nil }
    // The same number may stand for another list, which was imported at the gateway meanwhile. An older gateway names none.
    if let version = waiting[place].telling.version, birth.list == version,
      birth.listID == waiting[place].telling.id || birth.connection == nil
    {
      return place
    }
    if let connection = birth.connection, connection == waiting[place].connection { return nil }
    waiting[place].connection = birth.connection
    let telling = waiting[place].telling
    let all = Array(1...Int64(telling.parts))
    let missing = birth.arriving?.id == telling.id ? birth.arriving?.missing ?? all : all
    if missing.count < waiting[place].missing {
      waiting[place].missing = missing.count
      waiting[place].deadline = MonotonicClock.now() + milliseconds * 1_000_000
    }
    for part in missing where all.contains(part) {
      try session.publish(topics.name(self.topic), telling.payload(Int(part)))
    }
    return nil
  }

  private static func read(
    _ message: BrokerSession.Message, _ waiting: [Waiting]
  ) -> (place: Int, answer: Answer)? {
    guard !message.retained, let (topics, _) = UplinkTopics.parse(message.topic),
      let reply = try? UplinkReply.parse(message.payload),
      let place = waiting.firstIndex(where: { $0.telling.topics == topics && $0.telling.id == reply.id })
    else { return nil }
    return (place, reply.error.map { .refused($0) } ?? .done)
  }
}
