/// What a line of the log says of its place in the chain, and what questions sort it by.
///
/// Nothing else of the record is looked at but that it is JSON on one line: who keeps or passes on the records of a newer
/// gateway need not know their types.
public struct RecordHead: Sendable, Equatable {
  public var gateway: String
  public var seq: Int64
  /// Of a record whose content was dropped: the digest that keeps its place in the chain, 32 bytes.
  public var digest: [UInt8]?
  /// As they stand in the record; nil where they are missing, longer than a name may be, or no text.
  public var at: String?
  public var type: String?
  public var point: String?
  public var decision: String?
  public var reason: String?
  /// `detail.event`
  public var event: String?
  /// `detail.ms` or `detail.count`: a duration or a number of things.
  public var amount: Int64?

  /// - Throws: ``MessageFault`` where it is not a record of version 1.
  public init(_ bytes: [UInt8]) throws(MessageFault) {
    guard bytes.count <= MessageLimits.payloadBytes else {
      throw MessageFault("longer than \(MessageLimits.payloadBytes) bytes")
    }
    do throws(JSONFault) {
      self = try unsafe bytes.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
        var walker = unsafe JSONWalker(bytes)
        var fields = RecordFields()
        try fields.read(&walker)
        return try fields.head(walker)
      }
    } catch {
      throw MessageFault(error)
    }
  }

  init(gateway: String, seq: Int64) {
    self.gateway = gateway
    self.seq = seq
  }
}

/// The members that matter; those that place the record stand at most once.
private struct RecordFields {
  private var version: Int64?
  private var seq: Int64?
  private var gateway: String?
  private var digest: [UInt8]?
  private var isRedacted = false
  private var found = RecordHead(gateway: "", seq: 0)

  mutating func read(_ walker: inout JSONWalker) throws(JSONFault) {
    try walker.eachMember { (walker, key) throws(JSONFault) in
      // One reader's key is another's with an escape in it: our gateways write none.
      guard !key.isEscaped else { throw walker.fault("an escape in a key") }
      try take(key, &walker)
    }
    try walker.expectEnd()
    guard !walker.sawLineBreak else { throw walker.fault("a record is one line, and this is several") }
  }

  /// The commonest lengths first: this runs for every member of every record of an estate.
  private mutating func take(_ key: JSONWalker.Key, _ walker: inout JSONWalker) throws(JSONFault) {
    switch key.count {
    case 1 where walker.holds(key, "v"):
      guard version == nil else { throw twice(key, walker) }
      version = try count(&walker, "v")
    case 2 where walker.holds(key, "at"): found.at = try walker.text()
    case 3 where walker.holds(key, "seq"):
      guard seq == nil else { throw twice(key, walker) }
      seq = try count(&walker, "seq")
    case 4 where walker.holds(key, "type"): found.type = try walker.text()
    case 5 where walker.holds(key, "point"): found.point = try walker.text()
    case 6 where walker.holds(key, "reason"): found.reason = try walker.text()
    case 6 where walker.holds(key, "detail"): try takeDetail(&walker)
    case 6 where walker.holds(key, "digest"): digest = Hex.bytes(try walker.text() ?? "")
    case 7 where walker.holds(key, "gateway"):
      guard gateway == nil else { throw twice(key, walker) }
      guard let name = try walker.text(plain: true) else {
        throw walker.fault("'gateway' must be a plain name")
      }
      gateway = name
    case 8 where walker.holds(key, "decision"): found.decision = try walker.text()
    case 8 where walker.holds(key, "redacted"):
      let start = walker.position
      try walker.skipValue(depth: MessageLimits.depth)
      isRedacted = walker.position - start == 4 && walker.byte(start) == UInt8(ascii: "t")
    default: try walker.skipValue(depth: MessageLimits.depth)
    }
  }

  private mutating func takeDetail(_ walker: inout JSONWalker) throws(JSONFault) {
    guard walker.next == UInt8(ascii: "{") else { return try walker.skipValue(depth: MessageLimits.depth) }
    try walker.eachMember { (walker, key) throws(JSONFault) in
      switch key.count {
      case 5 where walker.holds(key, "event"): found.event = try walker.text()
      case 2 where walker.holds(key, "ms"), 5 where walker.holds(key, "count"):
        guard let amount = walker.count() else { return try walker.skipValue(depth: MessageLimits.depth) }
        found.amount = amount
      default: try walker.skipValue(depth: MessageLimits.depth)
      }
    }
  }

  private func twice(_ key: JSONWalker.Key, _ walker: JSONWalker) -> JSONFault {
    walker.fault("the key '\(walker.text(from: key.start, to: key.start + key.count))' stands twice")
  }

  private func count(_ walker: inout JSONWalker, _ name: String) throws(JSONFault) -> Int64 {
    guard let count = walker.count() else { throw walker.fault("'\(name)' must be a whole number") }
    return count
  }

  func head(_ walker: JSONWalker) throws(JSONFault) -> RecordHead {
    guard version == 1 else { throw walker.fault("'v' must be 1") }
    guard let seq else { throw walker.fault("the key 'seq' is missing") }
    guard let gateway else { throw walker.fault("the key 'gateway' is missing") }
    guard isRedacted else {
      var head = found
      head.seq = seq
      head.gateway = gateway
      return head
    }
    guard let digest, digest.count == 32 else { throw walker.fault("'digest' must be 64 hexadecimal digits") }
    var head = RecordHead(gateway: gateway, seq: seq)
    head.digest = digest
    return head
  }
}
