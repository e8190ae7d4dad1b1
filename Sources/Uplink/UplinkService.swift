public import Broker
import Journal
import Messages
import Platform

/// What the uplink is told.
public struct UplinkSettings: Sendable {
  public var site: String
  public var gateway: String
  public var broker: BrokerSettings
  /// `gatehouse.db`
  public var database: String
  public var control: ControlClient
  /// `ed25519:BASE64`; nil: nothing signed is accepted.
  public var publicKey: String?
  public var batch: Int
  public var window: Int

  public init(
    site: String, gateway: String, broker: BrokerSettings, database: String, control: ControlClient,
    publicKey: String?,
    batch: Int, window: Int
  ) {
    self.site = site
    self.gateway = gateway
    self.broker = broker
    self.database = database
    self.control = control
    self.publicKey = publicKey
    self.batch = batch
    self.window = window
  }
}

/// Carries the log to HQ and HQ's word to the controller, for as long as it is let. One thread runs it.
public struct UplinkService {
  private(set) var settings: UplinkSettings
  let topics: UplinkTopics
  let key: VerifyingKey?
  let note: @Sendable (String) -> Void
  private let isStopped: () -> Bool
  private var backoff = Backoff()
  /// The connection before ended because the log could not be read: until it can, the waits grow.
  private var readsFailed = false
  private var sender: LogSender
  private var silence: Silence
  private let lists = ListDesk()
  /// The version that the last birth told.
  private var listSaid: Int64 = 0

  /// - Parameters:
  ///   - silence: where HQ said nothing for so many milliseconds the connection is begun anew.
  ///   - note: where the uplink says what a person may want to know.
  ///   - isStopped: asked many times a second; true ends ``run()``.
  public init(
    _ settings: UplinkSettings, silence: UInt64 = UplinkLimits.silenceMilliseconds,
    note: @escaping @Sendable (String) -> Void, isStopped: @escaping () -> Bool
  ) {
    self.settings = settings
    topics = UplinkTopics(site: settings.site, gateway: settings.gateway)
    key = settings.publicKey.flatMap(VerifyingKey.init)
    self.note = note
    self.isStopped = isStopped
    sender = LogSender(window: settings.window, batch: settings.batch)
    self.silence = Silence(milliseconds: silence)
  }

  /// Connects, serves, and connects again after every loss.
  public mutating func run() {
    var generator = SystemRandomNumberGenerator()
    while !isStopped() {
      let why: String
      do {
        try serve()
        return
      } catch {
        why = "\(error)"
        readsFailed = (error as? StoreError)?.isDamageOfFile == true
        // The controller learns here of damage that its writer never meets: it sets the file aside and begins a new one.
        if readsFailed { _ = try? settings.control.ask("log.verify") }
      }
      settings.broker.turn()
      let wait = backoff.next(using: &generator)
      note("\(why); next try in \(wait) ms")
      let deadline = MonotonicClock.now() + wait * 1_000_000
      while !isStopped(), MonotonicClock.now() < deadline { MonotonicClock.sleep(milliseconds: 20) }
    }
  }

  /// One connection; returns when stopped.
  private mutating func serve() throws {
    let identity = FileIdentity(path: settings.database)
    let reader = try JournalReader(path: settings.database)
    let control = settings.control
    var downlink = Downlink(topics: topics, control: control, key: key, lists: lists, note: note)
    var broker = settings.broker
    let boot = try reader.summary().boot
    let connection = Hex.text(RandomBytes.make(8))
    broker.will = .init(
      topic: topics.name(.death), payload: UplinkDeath(boot: boot, connection: connection).encoded())
    let session = try BrokerSession(broker)
    try waitForConnection(session)
    try greet(session, reader, &downlink, connection)
    silence.begin(now: MonotonicClock.now())
    var live = LiveStream(after: try reader.summary().last, now: MonotonicClock.now())
    var nextTell = MonotonicClock.now()
    var nextLook = MonotonicClock.now()
    var nextListLook = MonotonicClock.now() + UplinkLimits.listLookMilliseconds * 1_000_000
    var busy = true
    while !isStopped() {
      for event in try session.step(milliseconds: busy ? 0 : UplinkLimits.lookMilliseconds) {
        switch event {
        case .connected: break
        case .subscribed: if !readsFailed { backoff.reset() }
        case .message(let message):
          // What the broker kept proves nothing of the present.
          if !message.retained { silence.hear(now: MonotonicClock.now()) }
          if let reply = try downlink.take(message, reader: reader, sender: &sender) {
            try session.publish(topics.name(.reply), reply.encoded())
          }
        }
      }
      let birth = downlink.nextBirth()
      if birth.isWanted { _ = try sayBirth(session, reader, &downlink, connection, asked: birth.asked) }
      busy = try send(session, reader, &downlink)
      if MonotonicClock.now() >= nextLook {
        try sendLive(session, reader, &live)
        nextLook = MonotonicClock.now() + UInt64(UplinkLimits.lookMilliseconds) * 500_000
      }
      if MonotonicClock.now() >= nextTell {
        downlink.passOnAcknowledgement()
        nextTell = MonotonicClock.now() + 250_000_000
      }
      if MonotonicClock.now() >= nextListLook {
        // Somebody may have imported one at the gateway itself.
        if let version = downlink.listInForce(), version != listSaid { downlink.wantBirth() }
        nextListLook = MonotonicClock.now() + UplinkLimits.listLookMilliseconds * 1_000_000
      }
      // A broker can lose a subscription and keep the connection: seen where a cluster's node dies.
      guard sender.stalls < UplinkLimits.stalls else {
        throw BrokerError(
          call: "down/ack", text: "headquarters acknowledges nothing; the connection is begun anew")
      }
      guard !silence.isOver(now: MonotonicClock.now()) else {
        throw BrokerError(call: "down", text: "headquarters says nothing; the connection is begun anew")
      }
      // The controller set a damaged journal aside: the name stands for another file now.
      guard FileIdentity(path: settings.database) == identity else {
        throw StoreError(kind: .other, text: "the journal was replaced", during: "read \(settings.database)")
      }
    }
    downlink.passOnAcknowledgement()
    try? session.publish(topics.name(.death), broker.will?.payload ?? [])
    _ = try? session.step(milliseconds: 100)
  }

  private func waitForConnection(_ session: borrowing BrokerSession) throws(BrokerError) {
    let deadline = MonotonicClock.now() + 15_000_000_000
    while !isStopped() {
      if try session.step(milliseconds: 50).contains(.connected) { return }
      guard MonotonicClock.now() < deadline else {
        throw BrokerError(call: "CONNACK", text: "the broker does not answer")
      }
    }
  }

  /// Subscribes first, so that HQ's answer to the birth is not missed.
  private mutating func greet(
    _ session: BrokerSession, _ reader: JournalReader, _ downlink: inout Downlink, _ connection: String
  ) throws {
    try session.subscribe(topics.downFilter)
    let summary = try sayBirth(session, reader, &downlink, connection)
    sender.restart(after: summary.acked.seq)
    let address = settings.broker.address
    note("connected to \(address.host):\(address.port); HQ has seq \(sender.acknowledged) of \(summary.last)")
  }

  private mutating func sayBirth(
    _ session: BrokerSession, _ reader: JournalReader, _ downlink: inout Downlink, _ connection: String,
    asked: String? = nil
  ) throws -> JournalReader.Summary {
    let summary = try reader.summary()
    listSaid = downlink.listInForce() ?? listSaid
    let birth = UplinkBirth(
      boot: summary.boot, first: summary.first, last: summary.last, acknowledged: summary.acked.seq,
      list: listSaid, challenge: downlink.gate.draw(tick: MonotonicClock.now()), connection: connection,
      asked: asked, listID: lists.id(of: listSaid), arriving: lists.arriving)
    try session.publish(topics.name(.birth), birth.encoded())
    return summary
  }

  /// One batch, and one that was pulled; true where there may be more at once.
  private mutating func send(
    _ session: BrokerSession, _ reader: JournalReader, _ downlink: inout Downlink
  ) throws -> Bool {
    let next = try sender.next(from: reader, now: MonotonicClock.now())
    if let next { try session.publish(topics.name(.log), next.encoded()) }
    let pulled = try downlink.nextPulled(from: reader, batch: settings.batch)
    if let batch = pulled.batch { try session.publish(topics.name(.log), batch.encoded()) }
    if let reply = pulled.reply { try session.publish(topics.name(.reply), reply.encoded()) }
    return next != nil || pulled.batch != nil
  }

  private func sendLive(
    _ session: BrokerSession, _ reader: JournalReader, _ live: inout LiveStream
  ) throws {
    let new = try reader.records(after: live.after, limit: UplinkLimits.liveLook)
    for record in live.take(new, now: MonotonicClock.now()) {
      try session.publish(topics.name(.live), record.bytes, quality: 0)
    }
  }
}
