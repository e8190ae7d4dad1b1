/// A list that has begun to arrive, and which of its parts have not.
public struct UplinkListGaps: Sendable, Equatable {
  /// That of the parts.
  public var id: String
  /// Counted from 1, in order.
  public var missing: [Int64]

  public init(id: String, missing: [Int64]) {
    self.id = id
    self.missing = missing
  }

  static func parse(_ members: Members) throws(MessageFault) -> UplinkListGaps {
    let places = members["missing"]?.arrayValue ?? []
    guard places.count <= MessageLimits.listParts else {
      throw MessageFault("more parts than a list may have")
    }
    return UplinkListGaps(id: try members.string("id"), missing: places.compactMap(\.integerValue))
  }

  var json: JSONValue {
    ["id": .string(id), "missing": .array(missing.prefix(MessageLimits.listParts).map { .integer($0) })]
  }
}

/// `up/birth`: what the gateway says of itself whenever it connects.
public struct UplinkBirth: Sendable, Equatable {
  public var boot: Int64
  /// The oldest and the newest seq kept; 0 and 0 where the log is empty.
  public var first: Int64
  public var last: Int64
  public var acknowledged: Int64
  /// The version of the allow-list in force.
  public var list: Int64
  /// A command must repeat it: good for one, and for a short time only. Every birth says a new one.
  public var challenge: String
  /// Drawn for this connection; its end is told with the same. Nil: an older gateway.
  public var connection: String?
  /// The id of the pull of no records that asked for this birth; nil: it is said unasked.
  public var asked: String?
  /// The id under which HQ sent the list in force; nil: it was imported at the gateway, or it is not known any more.
  public var listID: String?
  /// A list that the last connection did not bring whole: who sends it need not begin anew.
  public var arriving: UplinkListGaps?

  public init(
    boot: Int64, first: Int64, last: Int64, acknowledged: Int64, list: Int64, challenge: String,
    connection: String? = nil, asked: String? = nil, listID: String? = nil,
    arriving: UplinkListGaps? = nil
  ) {
    self.listID = listID
    self.connection = connection
    self.asked = asked
    self.arriving = arriving
    self.boot = boot
    self.first = first
    self.last = last
    self.acknowledged = acknowledged
    self.list = list
    self.challenge = challenge
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkBirth {
    let members = try Members(line: payload)
    let arriving = members["arriving"]
    return UplinkBirth(
      boot: try members.count("boot"), first: try members.count("first"), last: try members.count("last"),
      acknowledged: try members.count("acked"),
      list: try members.listVersion("list"),
      challenge: try members.string("challenge"), connection: try members.optionalString("connection"),
      asked: try members.optionalString("asked"), listID: try members.optionalString("list_id"),
      arriving: arriving == nil ? nil : try .parse(try Members(arriving ?? .null)))
  }

  public func encoded() -> [UInt8] {
    var members: [(key: String, value: JSONValue)] = [
      ("boot", .integer(boot)), ("first", .integer(first)), ("last", .integer(last)),
      ("acked", .integer(acknowledged)), ("list", .integer(list)), ("challenge", .string(challenge)),
    ]
    if let connection { members.append(("connection", .string(connection))) }
    if let asked { members.append(("asked", .string(asked))) }
    if let listID { members.append(("list_id", .string(listID))) }
    if let arriving { members.append(("arriving", arriving.json)) }
    return JSONValue.object(members).encoded()
  }
}

/// `up/death`: a connection of the gateway has ended; the broker says it, or the gateway before it goes.
public struct UplinkDeath: Sendable, Equatable {
  public var boot: Int64
  /// As that connection's births named it; nil: an older gateway.
  public var connection: String?

  public init(boot: Int64, connection: String?) {
    self.boot = boot
    self.connection = connection
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkDeath {
    let members = try Members(line: payload)
    return UplinkDeath(boot: try members.count("boot"), connection: try members.optionalString("connection"))
  }

  public func encoded() -> [UInt8] {
    var members: [(key: String, value: JSONValue)] = [("boot", .integer(boot))]
    if let connection { members.append(("connection", .string(connection))) }
    return JSONValue.object(members).encoded()
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
