/// What a person's program writes to `control.sock`.
public struct ControlRequest: Sendable, Equatable {
  public var id: Int64
  public var verb: String
  /// An object.
  public var args: JSONValue

  public init(id: Int64, verb: String, args: JSONValue = .object([])) {
    self.id = id
    self.verb = verb
    self.args = args
  }

  public static func parse(_ line: [UInt8]) throws(MessageFault) -> ControlRequest {
    let members = try Members(line: line)
    let args = members["args"] ?? .object([])
    guard args.objectValue != nil else { throw MessageFault("'args' must be an object") }
    return ControlRequest(id: try members.integer("id"), verb: try members.string("verb"), args: args)
  }

  /// One line without its line feed.
  public func encoded() -> [UInt8] {
    var writer = JSONWriter(capacity: 128)
    writer.open()
    writer.member("id", id)
    writer.member("verb", verb)
    writer.member("args", json: args)
    writer.close()
    return writer.bytes
  }
}

/// What the controller answers: once for a verb, any number of events for `watch`.
public enum ControlReply: Sendable, Equatable {
  case done(id: Int64, result: JSONValue)
  /// `id` nil: the line was not good enough to have one.
  /// `detail`: what else there is to say, such as every fault of a list; null where there is nothing.
  case refused(id: Int64?, error: String, detail: JSONValue)
  case event(id: Int64, JSONValue)

  public var id: Int64? {
    switch self {
    case .done(let id, _): id
    case .refused(let id, _, _): id
    case .event(let id, _): id
    }
  }

  /// Reads one line; members of a refusal beside `id`, `ok` and `error` become its detail.
  public static func parse(_ line: [UInt8]) throws(MessageFault) -> ControlReply {
    let members = try Members(line: line, maximumBytes: MessageLimits.payloadBytes)
    if let event = members["event"] { return .event(id: try members.integer("id"), event) }
    if try members.bool("ok") {
      return .done(id: try members.integer("id"), result: members["result"] ?? .null)
    }
    let others = (members.value.objectValue ?? []).filter { !["id", "ok", "error"].contains($0.key) }
    return .refused(
      id: try members.optionalInteger("id"),
      error: try members.string("error", limit: MessageLimits.payloadBytes),
      detail: others.isEmpty ? .null : .object(others))
  }

  /// One line without its line feed. The members of a refusal's `detail` stand beside `error`.
  public func encoded() -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.open()
    switch self {
    case .done(let id, let result):
      writer.member("id", id)
      writer.member("ok", true)
      writer.member("result", json: result)
    case .refused(let id, let error, let detail):
      if let id { writer.member("id", id) }
      writer.member("ok", false)
      writer.member("error", error)
      for member in detail.objectValue ?? [] { writer.member(member.key, json: member.value) }
    case .event(let id, let event):
      writer.member("id", id)
      writer.member("event", json: event)
    }
    writer.close()
    return writer.bytes
  }
}
