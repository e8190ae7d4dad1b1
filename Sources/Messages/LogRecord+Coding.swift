extension LogRecord {
  /// The record as one line of JSON without a line feed, keys in the contract's order, absent fields left out.
  public func encoded(seq: Int64) -> [UInt8] {
    var writer = JSONWriter(capacity: 384)
    writer.open()
    writer.member("v", 1)
    writer.member("gateway", gateway)
    writer.member("seq", seq)
    writer.member("boot", boot)
    writer.member("at", at.description)
    writer.member("clock", clock.rawValue)
    writer.member("mono_ns", Int64(clamping: monotonic))
    writer.member("type", type.rawValue)
    writer.member("point", ifPresent: point)
    writer.member("reader", ifPresent: reader)
    writer.member("side", ifPresent: side?.rawValue)
    writer.member("credential", ifPresent: credential)
    writer.member("decision", ifPresent: decision?.rawValue)
    writer.member("reason", ifPresent: reason)
    if let list { writer.member("list", list) }
    writer.member("passage", ifPresent: passage)
    writer.member("detail", json: detail)
    writer.close()
    return writer.bytes
  }

  /// How a record travels and prints once its content was dropped: who, which, and the digest that keeps the chain.
  public static func redacted(gateway: String, seq: Int64, digest: [UInt8]) -> [UInt8] {
    var writer = JSONWriter(capacity: 160)
    writer.open()
    writer.member("v", 1)
    writer.member("gateway", gateway)
    writer.member("seq", seq)
    writer.member("redacted", true)
    writer.member("digest", Hex.text(digest))
    writer.close()
    return writer.bytes
  }

  /// What stands in one line of the log.
  public enum Line: Sendable, Equatable {
    case record(seq: Int64, LogRecord)
    case redacted(gateway: String, seq: Int64, digest: [UInt8])

    public var seq: Int64 {
      switch self {
      case .record(let seq, _): seq
      case .redacted(_, let seq, _): seq
      }
    }
  }

  /// Reads what ``encoded(seq:)`` or ``redacted(gateway:seq:digest:)`` wrote. Unknown keys are ignored.
  public static func parse(_ bytes: [UInt8]) throws(MessageFault) -> Line {
    let members = try Members(line: bytes, maximumBytes: MessageLimits.payloadBytes)
    guard try members.integer("v") == 1 else { throw MessageFault("'v' must be 1") }
    let seq = try members.count("seq")
    if members["redacted"]?.boolValue == true {
      return .redacted(gateway: try members.string("gateway"), seq: seq, digest: try members.digest("digest"))
    }
    let record = LogRecord(
      gateway: try members.string("gateway"),
      boot: try members.count("boot"),
      at: try members.time("at"),
      clock: try choice(members.string("clock"), "clock"),
      monotonic: UInt64(try members.count("mono_ns")),
      type: try choice(members.string("type"), "type"),
      point: try members.optionalString("point"),
      reader: try members.optionalString("reader"),
      side: try optionalChoice(members, "side"),
      credential: try members.optionalString("credential", limit: MessageLimits.lineBytes),
      decision: try optionalChoice(members, "decision"),
      reason: try members.optionalString("reason"),
      list: try members.optionalInteger("list"),
      passage: try members.optionalString("passage"),
      detail: members["detail"] ?? .object([])
    )
    return .record(seq: seq, record)
  }

  private static func choice<Choice: RawRepresentable & CaseIterable>(
    _ text: String, _ key: String
  ) throws(MessageFault) -> Choice where Choice.RawValue == String {
    guard let choice = Choice(rawValue: text) else {
      let known = Choice.allCases.map(\.rawValue).joined(separator: ", ")
      throw MessageFault("'\(key)' must be one of \(known)")
    }
    return choice
  }

  private static func optionalChoice<Choice: RawRepresentable & CaseIterable>(
    _ members: Members, _ key: String
  ) throws(MessageFault) -> Choice? where Choice.RawValue == String {
    guard let text = try members.optionalString(key) else { return nil }
    return try choice(text, key)
  }
}
