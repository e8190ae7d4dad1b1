/// `up/birth`: what the gateway says of itself whenever it connects.
public struct UplinkBirth: Sendable, Equatable {
  public var boot: Int64
  /// The oldest and the newest seq kept; 0 and 0 where the log is empty.
  public var first: Int64
  public var last: Int64
  public var acknowledged: Int64
  /// The version of the allow-list in force.
  public var list: Int64
  /// Commands must repeat it; a new one is drawn on every connect.
  public var challenge: String

  public init(boot: Int64, first: Int64, last: Int64, acknowledged: Int64, list: Int64, challenge: String) {
    self.boot = boot
    self.first = first
    self.last = last
    self.acknowledged = acknowledged
    self.list = list
    self.challenge = challenge
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkBirth {
    let members = try Members(line: payload)
    return UplinkBirth(
      boot: try members.count("boot"), first: try members.count("first"), last: try members.count("last"),
      acknowledged: try members.count("acked"), list: try members.count("list"),
      challenge: try members.string("challenge"))
  }

  public func encoded() -> [UInt8] {
    JSONValue.object([
      ("boot", .integer(boot)), ("first", .integer(first)), ("last", .integer(last)),
      ("acked", .integer(acknowledged)), ("list", .integer(list)), ("challenge", .string(challenge)),
    ]).encoded()
  }
}

/// `down/ack`: everything up to and with `through` is durable at HQ.
public struct UplinkAcknowledgement: Sendable, Equatable {
  public var through: Int64
  /// The chain's hash of `through`, 32 bytes.
  public var hash: [UInt8]

  public init(through: Int64, hash: [UInt8]) {
    self.through = through
    self.hash = hash
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkAcknowledgement {
    let members = try Members(line: payload)
    return UplinkAcknowledgement(through: try members.count("through"), hash: try members.digest("hash"))
  }

  public func encoded() -> [UInt8] {
    JSONValue.object([("through", .integer(through)), ("hash", .string(Hex.text(hash)))]).encoded()
  }
}

/// `down/pull`: send the records after `after` again, acknowledged or not.
public struct UplinkPull: Sendable, Equatable {
  public var id: String
  public var after: Int64
  public var limit: Int64

  public init(id: String, after: Int64, limit: Int64) {
    self.id = id
    self.after = after
    self.limit = limit
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkPull {
    let members = try Members(line: payload)
    return UplinkPull(
      id: try members.string("id"), after: try members.count("after"), limit: try members.count("limit"))
  }

  public func encoded() -> [UInt8] {
    JSONValue.object([("id", .string(id)), ("after", .integer(after)), ("limit", .integer(limit))]).encoded()
  }
}

/// `up/reply`: how a pull, a list or a command went.
public struct UplinkReply: Sendable, Equatable {
  public var id: String
  /// Nil: it was done.
  public var error: String?

  public init(id: String, error: String? = nil) {
    self.id = id
    self.error = error
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkReply {
    let members = try Members(line: payload)
    let id = try members.string("id")
    if try members.bool("ok") { return UplinkReply(id: id) }
    return UplinkReply(id: id, error: try members.string("error", limit: MessageLimits.lineBytes))
  }

  public func encoded() -> [UInt8] {
    var object: [(key: String, value: JSONValue)] = [("id", .string(id)), ("ok", .bool(error == nil))]
    if let error { object.append(("error", .string(error))) }
    return JSONValue.object(object).encoded()
  }
}
