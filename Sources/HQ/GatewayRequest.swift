public import Broker
public import Messages
import Platform

/// Says something to one gateway and waits for its reply.
public struct GatewayRequest: Sendable {
  public enum Answer: Sendable, Equatable {
    case done
    case refused(String)
    /// No reply within the time: it may have been done.
    case silent
  }

  public var broker: BrokerSettings
  public var topics: UplinkTopics
  public var topic: UplinkTopics.Topic
  public var id: String
  public var payloads: [[UInt8]]

  public init(
    broker: BrokerSettings, topics: UplinkTopics, topic: UplinkTopics.Topic, id: String, payloads: [[UInt8]]
  ) {
    self.broker = broker
    self.topics = topics
    self.topic = topic
    self.id = id
    self.payloads = payloads
  }

  /// - Throws: ``BrokerError`` where the broker cannot be reached.
  public func send(milliseconds: UInt64 = HQLimits.replyMilliseconds) throws(BrokerError) -> Answer {
    let session = try BrokerSession(broker)
    let deadline = MonotonicClock.now() + milliseconds * 1_000_000
    while MonotonicClock.now() < deadline {
      for event in try session.step(milliseconds: 50) {
        switch event {
        case .connected:
          try session.subscribe(topics.name(.reply))
          for payload in payloads { try session.publish(topics.name(topic), payload) }
        case .message(let message):
          guard !message.retained, let reply = try? UplinkReply.parse(message.payload), reply.id == id else {
            continue
          }
          return reply.error.map { .refused($0) } ?? .done
        }
      }
    }
    return .silent
  }
}
