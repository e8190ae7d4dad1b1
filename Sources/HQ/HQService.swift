public import Broker
import Journal
import Messages
import Platform

/// Collects what gateways send, for as long as it is let. One thread runs it.
public struct HQService {
  private var broker: BrokerSettings
  private var collector: Collector
  private let note: @Sendable (String) -> Void
  private let isStopped: () -> Bool
  private let started = WallClock.milliseconds()
  private var slot: CollectorSlot?
  private var backoff = Backoff()

  /// - Parameters:
  ///   - part: a fixed share of the gateways; nil: all that the other collectors of the store leave.
  ///   - silence: milliseconds without a word after which a gateway is silent.
  ///   - note: where HQ says what a person may want to know.
  ///   - tell: where it says that an alarm was raised, or has ended.
  ///   - isStopped: asked many times a second; true ends ``run()``.
  public init(
    broker: BrokerSettings, store: HQStore, part: EstateShare.Part? = nil,
    silence: UInt64 = HQLimits.silentMilliseconds, note: @escaping @Sendable (String) -> Void,
    tell: @escaping @Sendable (Alarm) -> Void = { _ in }, isStopped: @escaping () -> Bool
  ) {
    self.broker = broker
    collector = Collector(
      store: store, share: EstateShare(own: broker.client, part: part), silence: silence, note: note,
      tell: tell)
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
        break
      } catch {
        why = "\(error)"
      }
      // The others take over at once; where the store is what failed, they find out by the beat.
      if slot != nil { try? beat(connected: false) }
      broker.turn()
      let wait = backoff.next(using: &generator)
      note("\(why); next try in \(wait) ms")
      let deadline = MonotonicClock.now() + wait * 1_000_000
      while !isStopped(), MonotonicClock.now() < deadline { MonotonicClock.sleep(milliseconds: 20) }
    }
    if let slot { try? collector.store.leave(slot) }
  }

  private mutating func beat(connected: Bool) throws(StoreError) {
    let held: CollectorSlot
    if let slot { held = slot } else { held = try collector.store.takeSlot() }
    slot = held
    try collector.store.beat(
      broker.client, held, connected: connected, started: started, at: WallClock.milliseconds())
  }

  /// Those that can be counted on, this one among them.
  private func members() throws(StoreError) -> [String] {
    let now = WallClock.milliseconds()
    let alive = try collector.store.collectors().filter { $0.isAlive(at: now) }.map(\.name)
    return alive.contains(broker.client) ? alive : alive + [broker.client]
  }

  /// One connection; returns when stopped.
  private mutating func serve() throws {
    let session = try BrokerSession(broker)
    var isConnected = false
    var nextBeat = MonotonicClock.now()
    while !isStopped() {
      var outgoing: [Collector.Outgoing] = []
      var messages: [BrokerSession.Message] = []
      for event in try events(session) {
        switch event {
        case .connected:
          isConnected = true
          backoff.reset()
          try session.subscribe(UplinkTopics.upFilter)
          note("connected to \(broker.address.host):\(broker.address.port)")
          try beat(connected: true)
          collector.share.members = try members()
          outgoing += try collector.greeting(tick: MonotonicClock.now() / 1_000_000)
        case .message(let message): messages.append(message)
        }
      }
      outgoing += try take(messages)
      if isConnected, MonotonicClock.now() >= nextBeat {
        nextBeat = MonotonicClock.now() + HQLimits.beatMilliseconds * 1_000_000
        let tick = MonotonicClock.now() / 1_000_000
        try beat(connected: true)
        outgoing += try collector.share(among: try members(), tick: tick)
        outgoing += try collector.look(now: WallClock.milliseconds(), tick: tick)
      }
      for message in outgoing { try session.publish(message.topic, message.payload) }
    }
  }

  /// What came in, and what has come in meanwhile.
  private func events(_ session: borrowing BrokerSession) throws(BrokerError) -> [BrokerSession.Event] {
    var events = try session.step(milliseconds: 50)
    while !events.isEmpty, events.count < HQLimits.messages {
      let more = try session.step(milliseconds: 0)
      guard !more.isEmpty else { break }
      events += more
    }
    return events
  }

  /// All in one transaction: what is answered is durable, and many batches cost one sync.
  private mutating func take(
    _ messages: [BrokerSession.Message]
  ) throws(StoreError) -> [Collector.Outgoing] {
    var outgoing: [Collector.Outgoing] = []
    func takeEach() throws(StoreError) {
      for message in messages {
        outgoing += try collector.take(
          topic: message.topic, payload: message.payload, retained: message.retained,
          now: WallClock.milliseconds(), tick: MonotonicClock.now() / 1_000_000)
      }
    }
    if messages.count > 1 { try collector.store.together(takeEach) } else { try takeEach() }
    return outgoing
  }
}
