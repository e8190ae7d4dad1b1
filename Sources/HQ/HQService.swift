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
  private var hearing: Hearing

  /// - Parameters:
  ///   - part: a fixed share of the gateways; nil: all that the other collectors of the store leave.
  ///   - silence: milliseconds without a word after which a gateway is silent.
  ///   - hearing: when HQ doubts that it hears; nil: before it takes a gateway for silent.
  ///   - note: where HQ says what a person may want to know.
  ///   - tell: where it says that an alarm was raised, or has ended.
  ///   - isStopped: asked many times a second; true ends ``run()``.
  public init(
    broker: BrokerSettings, store: HQStore, part: EstateShare.Part? = nil,
    silence: UInt64 = HQLimits.silentMilliseconds, hearing: HearingTimes? = nil,
    note: @escaping @Sendable (String) -> Void,
    tell: @escaping @Sendable (Alarm) -> Void = { _ in }, isStopped: @escaping () -> Bool
  ) {
    self.broker = broker
    collector = Collector(
      store: store, share: EstateShare(own: broker.client, part: part), silence: silence, note: note,
      tell: tell)
    self.hearing = Hearing(collector: broker.client, times: hearing ?? HearingTimes(silence: silence))
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
      } catch let error as StoreError {
        why = error.atHeadquarters
      } catch {
        why = "\(error)"
      }
      if let said = hearing.end(tick: Self.tick) { note(said) }
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

  /// Milliseconds.
  private static var tick: UInt64 { MonotonicClock.now() / 1_000_000 }

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
        case .connected: try session.subscribe(UplinkTopics.upFilter)
        case .subscribed(_, let quality):
          isConnected = true
          outgoing += try begin(quality)
        case .message(let message):
          // A connection alone is no success: it may be deaf.
          if hearing.hear(message, tick: Self.tick) { backoff.reset() }
          if !UplinkTopics.isEcho(message.topic) { messages.append(message) }
        }
      }
      try listen(session)
      outgoing += try take(messages)
      if isConnected, MonotonicClock.now() >= nextBeat {
        nextBeat = MonotonicClock.now() + HQLimits.beatMilliseconds * 1_000_000
        let tick = Self.tick
        try beat(connected: true)
        outgoing += try collector.share(among: try members(), tick: tick)
        outgoing += try collector.look(now: WallClock.milliseconds(), tick: tick)
      }
      for message in outgoing { try session.publish(message.topic, message.payload) }
    }
  }

  /// The broker has taken the subscription, so that no answer to the greeting is missed.
  private mutating func begin(_ quality: Int32) throws(StoreError) -> [Collector.Outgoing] {
    note("connected to \(broker.address.host):\(broker.address.port)")
    try beat(connected: true)
    collector.share.members = try members()
    hearing.begin(quality: quality, tick: Self.tick)
    return try collector.greeting(tick: Self.tick, deaf: hearing.isDeaf)
  }

  private mutating func listen(_ session: borrowing BrokerSession) throws(BrokerError) {
    switch hearing.look(expects: collector.expectsAnswers, tick: Self.tick) {
    case .echo: try session.publish(hearing.topic, Array("{}".utf8))
    case .note(let text): note(text)
    case .deaf(let error): throw error
    case nil: break
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
          now: WallClock.milliseconds(), tick: Self.tick)
      }
    }
    if messages.count > 1 { try collector.store.together(takeEach) } else { try takeEach() }
    return outgoing
  }
}
