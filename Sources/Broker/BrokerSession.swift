internal import CMosquitto
internal import Platform

/// One connection to a broker, from its first try to its loss. MQTT 3.1.1, by libmosquitto.
///
/// The library's own reconnecting is not used: it ends for good on some errors and keeps an unbounded queue in memory.
/// When a session ends, drop it with all that it still held, and make a new one after ``Backoff``.
/// One thread uses it.
@safe public final class BrokerSession {
  public struct Message: Sendable, Equatable {
    public var topic: String
    public var payload: [UInt8]
    /// The broker had kept it from before: nobody sent it now.
    public var retained: Bool
    /// The QoS that it came with.
    public var quality: Int32

    public init(topic: String, payload: [UInt8], retained: Bool, quality: Int32 = 1) {
      self.topic = topic
      self.payload = payload
      self.retained = retained
      self.quality = quality
    }
  }

  public enum Event: Sendable, Equatable {
    /// The broker has accepted the connection; now subscribe.
    case connected
    /// The broker has taken the subscription, and brings its messages with this QoS at most.
    case subscribed(filter: String, quality: Int32)
    case message(Message)
  }

  /// What the callbacks write to; they run inside ``step(milliseconds:)`` only.
  final class Inbox {
    var events: [Event] = []
    var refusal: BrokerError?
    /// Subscriptions that the broker has not answered yet, by message id, and when they were sent, in nanoseconds.
    var asked: [Int32: (filter: String, at: UInt64)] = [:]
  }

  private let session: OpaquePointer
  private let inbox = Inbox()
  /// Nanoseconds.
  private let patience: UInt64

  private static let library: Int32 = mosquitto_lib_init()

  /// `mosquitto_new`, `mosquitto_connect`: looks the name up and connects, which may take a while.
  public init(_ settings: BrokerSettings) throws(BrokerError) {
    precondition(Self.library == GH_MOSQ_SUCCESS, "mosquitto_lib_init failed")
    patience = settings.subscribeMilliseconds * 1_000_000
    let box = unsafe Unmanaged.passUnretained(inbox).toOpaque()
    guard let made = unsafe mosquitto_new(settings.client, true, box) else {
      throw BrokerError(call: "mosquitto_new", text: SystemError(call: "mosquitto_new").text)
    }
    unsafe session = made
    try configure(settings)
    setCallbacks()
    let address = settings.address
    try check(
      "mosquitto_connect", unsafe mosquitto_connect(made, address.host, address.port, settings.keepAlive))
  }

  deinit {
    unsafe mosquitto_disconnect(session)
    unsafe mosquitto_destroy(session)
  }

  private func check(_ call: String, _ code: Int32) throws(BrokerError) {
    guard code != GH_MOSQ_SUCCESS else { return }
    let system = SystemError(call: call)
    throw BrokerError(
      call: call, code: code,
      text: code == GH_MOSQ_ERRNO ? system.text : unsafe String(cString: mosquitto_strerror(code)))
  }

  private func configure(_ settings: BrokerSettings) throws(BrokerError) {
    try check("mosquitto_int_option", unsafe gh_mosquitto_send_at_once(session))
    if settings.address.encrypted {
      if settings.authorityFile == nil {
        try check("mosquitto_int_option", unsafe gh_mosquitto_use_system_certificates(session))
      }
      try check(
        "mosquitto_tls_set",
        unsafe mosquitto_tls_set(
          session, settings.authorityFile, nil, settings.certificateFile, settings.keyFile, nil))
      // 1: SSL_VERIFY_PEER.
      try check("mosquitto_tls_opts_set", unsafe mosquitto_tls_opts_set(session, 1, "tlsv1.2", nil))
    }
    if let will = settings.will {
      let code = unsafe will.payload.withUnsafeBytes {
        unsafe mosquitto_will_set(session, will.topic, Int32($0.count), $0.baseAddress, 1, false)
      }
      try check("mosquitto_will_set", code)
    }
  }

  private func setCallbacks() {
    unsafe mosquitto_connect_callback_set(session) { _, box, code in
      guard let box = unsafe box else { return }
      let inbox = unsafe Unmanaged<Inbox>.fromOpaque(box).takeUnretainedValue()
      if code == 0 {
        inbox.events.append(.connected)
      } else {
        inbox.refusal = BrokerError(
          call: "CONNACK", code: code, text: unsafe String(cString: mosquitto_connack_string(code)))
      }
    }
    unsafe mosquitto_message_callback_set(session) { _, box, message in
      guard let box = unsafe box, let message = unsafe message?.pointee, let topic = unsafe message.topic
      else { return }
      let inbox = unsafe Unmanaged<Inbox>.fromOpaque(box).takeUnretainedValue()
      let payload = unsafe UnsafeRawBufferPointer(start: message.payload, count: Int(message.payloadlen))
      inbox.events.append(
        .message(
          Message(
            topic: unsafe String(cString: topic), payload: unsafe Array(payload),
            retained: unsafe message.retain, quality: unsafe message.qos)))
    }
    unsafe mosquitto_subscribe_callback_set(session) { _, box, identity, count, granted in
      guard let box = unsafe box, let granted = unsafe granted, count > 0 else { return }
      let inbox = unsafe Unmanaged<Inbox>.fromOpaque(box).takeUnretainedValue()
      guard let filter = inbox.asked.removeValue(forKey: identity)?.filter else { return }
      let code = unsafe granted.pointee
      // MQTT 3.1.1, 3.9.3: 0, 1 and 2 are the QoS, 0x80 is a failure.
      if code <= 2 {
        inbox.events.append(.subscribed(filter: filter, quality: code))
      } else {
        inbox.refusal = BrokerError(
          call: "SUBACK", code: code, text: "the broker refused the subscription to \(filter)")
      }
    }
  }

  /// `mosquitto_loop`: waits for at most so long, reads and writes; what came in, in order.
  ///
  /// - Throws: ``BrokerError``; the session is over.
  public func step(milliseconds: Int32) throws(BrokerError) -> [Event] {
    let code = unsafe mosquitto_loop(session, milliseconds, 1)
    if let refusal = inbox.refusal { throw refusal }
    defer { inbox.events.removeAll(keepingCapacity: true) }
    if inbox.events.isEmpty { try check("mosquitto_loop", code) }
    try expectAnswers()
    return inbox.events
  }

  private func expectAnswers() throws(BrokerError) {
    guard !inbox.asked.isEmpty else { return }
    let now = MonotonicClock.now()
    if let late = inbox.asked.values.first(where: { now >= $0.at + patience }) {
      throw BrokerError(call: "SUBACK", text: "the broker does not answer the subscription to \(late.filter)")
    }
  }

  /// `mosquitto_subscribe`, QoS 1. The broker's answer comes as ``Event/subscribed(filter:quality:)``; a refusal, or no
  /// answer in time, ends the session.
  public func subscribe(_ filter: String) throws(BrokerError) {
    var identity: Int32 = 0
    try check("mosquitto_subscribe", unsafe mosquitto_subscribe(session, &identity, filter, 1))
    inbox.asked[identity] = (filter, MonotonicClock.now())
  }

  /// `mosquitto_publish`, not retained. With QoS 1 the broker confirms it; that says nothing about who is behind it.
  public func publish(_ topic: String, _ payload: [UInt8], quality: Int32 = 1) throws(BrokerError) {
    let code = unsafe payload.withUnsafeBytes {
      unsafe mosquitto_publish(session, nil, topic, Int32($0.count), $0.baseAddress, quality, false)
    }
    try check("mosquitto_publish", code)
  }
}
