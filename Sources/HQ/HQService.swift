public import Broker
import Journal
import Messages
import Platform

/// Collects what gateways send, for as long as it is let. One thread runs it.
public struct HQService {
  let broker: BrokerSettings
  private var collector: Collector
  private let note: @Sendable (String) -> Void
  private let isStopped: () -> Bool
  private var backoff = Backoff()

  /// - Parameters:
  ///   - note: where HQ says what a person may want to know.
  ///   - isStopped: asked many times a second; true ends ``run()``.
  public init(
    broker: BrokerSettings, store: HQStore, note: @escaping @Sendable (String) -> Void,
    isStopped: @escaping () -> Bool
  ) {
    self.broker = broker
    collector = Collector(store: store, note: note)
    self.note = note
    self.isStopped = isStopped
  }

  /// Connects, collects, and connects again after every loss, also of the store: what was not stored is not
  /// acknowledged, and comes again.
  public mutating func run() {
    var generator = SystemRandomNumberGenerator()
    while !isStopped() {
      let why: String
      do {
        try serve()
        return
      } catch {
        why = "\(error)"
      }
      let wait = backoff.next(using: &generator)
      note("\(why); next try in \(wait) ms")
      let deadline = MonotonicClock.now() + wait * 1_000_000
      while !isStopped(), MonotonicClock.now() < deadline { MonotonicClock.sleep(milliseconds: 20) }
    }
  }

  private mutating func serve() throws {
    let session = try BrokerSession(broker)
    while !isStopped() {
      for event in try session.step(milliseconds: 50) {
        switch event {
        case .connected:
          backoff.reset()
          try session.subscribe(UplinkTopics.upFilter)
          note("connected to \(broker.address.host)")
          for outgoing in try collector.greeting() { try session.publish(outgoing.topic, outgoing.payload) }
        case .message(let message):
          let answers = try collector.take(
            topic: message.topic, payload: message.payload, retained: message.retained,
            now: WallClock.milliseconds(), tick: MonotonicClock.now() / 1_000_000)
          for outgoing in answers { try session.publish(outgoing.topic, outgoing.payload) }
        }
      }
    }
  }
}
