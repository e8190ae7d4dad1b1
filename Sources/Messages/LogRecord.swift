/// One record of the log, before it has its seq.
///
/// ``encoded(seq:)`` writes it once; from then on the bytes are the record.
public struct LogRecord: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case access, passage
    case doorAlarm = "door-alarm"
    case actuator, emergency, `operator`, device, system, gap
  }

  /// How far the gateway trusts its wall clock.
  public enum Clock: String, Sendable, CaseIterable {
    case synced, holdover, untrusted
  }

  public enum Side: String, Sendable, CaseIterable {
    case `in`, out
  }

  public enum Decision: String, Sendable, CaseIterable {
    case grant, deny
  }

  /// Filled in by the journal when it appends.
  public var gateway: String
  /// Counts the gateway's starts; filled in by the journal when it appends.
  public var boot: Int64
  public var at: Timestamp
  public var clock: Clock
  /// CLOCK_MONOTONIC in nanoseconds.
  public var monotonic: UInt64
  public var type: Kind
  public var point: String?
  public var reader: String?
  public var side: Side?
  /// `KIND:VALUE`; a PIN never stands here.
  public var credential: String?
  public var decision: Decision?
  /// One of the reasons that the contract lists.
  public var reason: String?
  /// The version of the allow-list that decided.
  public var list: Int64?
  public var passage: String?
  /// An object; whatever else there is to say.
  public var detail: JSONValue

  public init(
    gateway: String = "", boot: Int64 = 0, at: Timestamp, clock: Clock, monotonic: UInt64, type: Kind,
    point: String? = nil, reader: String? = nil, side: Side? = nil, credential: String? = nil,
    decision: Decision? = nil, reason: String? = nil, list: Int64? = nil, passage: String? = nil,
    detail: JSONValue = .object([])
  ) {
    self.gateway = gateway
    self.boot = boot
    self.at = at
    self.clock = clock
    self.monotonic = monotonic
    self.type = type
    self.point = point
    self.reader = reader
    self.side = side
    self.credential = credential
    self.decision = decision
    self.reason = reason
    self.list = list
    self.passage = passage
    self.detail = detail
  }
}
