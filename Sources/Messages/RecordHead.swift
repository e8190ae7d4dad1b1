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
        let fields = try RecordFields(&walker)
        try walker.expectEndOfLine()
        return try RecordHead(fields, try fields.mark(walker), walker)
      }
    } catch {
      throw MessageFault(error)
    }
  }

  private init(_ fields: RecordFields, _ mark: RecordMark, _ walker: JSONWalker) throws(JSONFault) {
    seq = mark.seq
    gateway = walker.text(from: mark.gateway.lowerBound, to: mark.gateway.upperBound)
    digest = mark.digest
    guard digest == nil else { return }
    at = walker.string(fields.at)
    type = walker.string(fields.type)
    point = walker.string(fields.point)
    decision = walker.string(fields.decision)
    reason = walker.string(fields.reason)
    event = walker.string(fields.event)
    amount = fields.amount
  }
}

/// A record's place in the chain as it says it itself, without a copy of anything.
public struct RecordMark: Sendable, Equatable {
  public var seq: Int64
  /// Where the gateway's name stands in the bytes that were read.
  public var gateway: Range<Int>
  /// Of a record whose content was dropped: 32 bytes.
  public var digest: [UInt8]?
  /// Whether somebody must hear of it at once: an emergency, a door alarm, a tamper, or a credential under duress.
  public var isUrgent = false

  /// - Parameter place: where in the bytes the record stands, and nothing else.
  /// - Throws: ``MessageFault`` where it is not a record of version 1.
  public init(_ bytes: [UInt8], at place: Range<Int>) throws(MessageFault) {
    do throws(JSONFault) {
      self = try unsafe bytes.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
        var walker = unsafe JSONWalker(
          UnsafeBufferPointer(rebasing: bytes[..<place.upperBound]), from: place.lowerBound)
        let mark = try RecordMark(&walker)
        try walker.expectEndOfLine()
        return mark
      }
    } catch {
      throw MessageFault(error)
    }
  }

  /// Reads the record that begins at the walker's position, and passes it.
  init(_ walker: inout JSONWalker) throws(JSONFault) {
    self = try RecordFields(&walker).mark(walker)
  }

  fileprivate init(seq: Int64, gateway: Range<Int>, digest: [UInt8]?) {
    self.seq = seq
    self.gateway = gateway
    self.digest = digest
  }
}

/// The members that matter, where they stand; those that place the record stand at most once.
private struct RecordFields {
  private var version: Int64?
  private var seq: Int64?
  private var gateway: JSONWalker.Key?
  private var digest: JSONWalker.Key?
  private var isRedacted = false
  private(set) var at: JSONWalker.Key?
  private(set) var type: JSONWalker.Key?
  private(set) var point: JSONWalker.Key?
  private(set) var decision: JSONWalker.Key?
  private(set) var reason: JSONWalker.Key?
  private(set) var event: JSONWalker.Key?
  private(set) var amount: Int64?
  private var isUnderDuress = false

  init(_ walker: inout JSONWalker) throws(JSONFault) {
    walker.skipSpace()
    walker.forgetLineBreaks()
    try walker.eachMember { (walker, key) throws(JSONFault) in
      // One reader's key is another's with an escape in it: our gateways write none.
      guard !key.isEscaped else { throw walker.fault("an escape in a key") }
      try take(key, &walker)
    }
    try walker.expectOneLine()
  }

  /// The commonest lengths first: this runs for every member of every record of an estate.
  private mutating func take(_ key: JSONWalker.Key, _ walker: inout JSONWalker) throws(JSONFault) {
    switch key.count {
    case 1 where walker.holds(key, "v"):
      guard version == nil else { throw twice(key, walker) }
      version = try count(&walker, "v")
    case 2 where walker.holds(key, "at"): at = try walker.name()
    case 3 where walker.holds(key, "seq"):
      guard seq == nil else { throw twice(key, walker) }
      seq = try count(&walker, "seq")
    case 4 where walker.holds(key, "type"): type = try walker.name()
    case 5 where walker.holds(key, "point"): point = try walker.name()
    case 6 where walker.holds(key, "reason"): reason = try walker.name()
    case 6 where walker.holds(key, "detail"): try takeDetail(&walker)
    case 6 where walker.holds(key, "digest"): digest = try walker.name()
    case 7 where walker.holds(key, "gateway"):
      guard gateway == nil else { throw twice(key, walker) }
      guard let name = try walker.name(), !name.isEscaped else {
        throw walker.fault("'gateway' must be a plain name")
      }
      gateway = name
    case 8 where walker.holds(key, "decision"): decision = try walker.name()
    case 8 where walker.holds(key, "redacted"):
      isRedacted = try isTrue(&walker)
    default: try walker.skipValue(depth: MessageLimits.depth)
    }
  }

  private mutating func takeDetail(_ walker: inout JSONWalker) throws(JSONFault) {
    guard walker.next == UInt8(ascii: "{") else { return try walker.skipValue(depth: MessageLimits.depth) }
    try walker.eachMember { (walker, key) throws(JSONFault) in
      switch key.count {
      case 5 where walker.holds(key, "event"): event = try walker.name()
      case 2 where walker.holds(key, "ms"), 5 where walker.holds(key, "count"):
        guard let amount = walker.count() else { return try walker.skipValue(depth: MessageLimits.depth) }
        self.amount = amount
      case 6 where walker.holds(key, "duress"): isUnderDuress = try isTrue(&walker)
      default: try walker.skipValue(depth: MessageLimits.depth)
      }
    }
  }

  /// Passes a value, and says whether it is `true`.
  private func isTrue(_ walker: inout JSONWalker) throws(JSONFault) -> Bool {
    let start = walker.position
    try walker.skipValue(depth: MessageLimits.depth)
    return walker.position - start == 4 && walker.byte(start) == UInt8(ascii: "t")
  }

  private func isUrgent(_ walker: JSONWalker) -> Bool {
    if let type, walker.holds(type, "emergency") || walker.holds(type, "door-alarm") { return true }
    if let reason, walker.holds(reason, "duress") || walker.holds(reason, "tamper") { return true }
    return isUnderDuress
  }

  private func twice(_ key: JSONWalker.Key, _ walker: JSONWalker) -> JSONFault {
    walker.fault("the key '\(walker.text(from: key.start, to: key.start + key.count))' stands twice")
  }

  private func count(_ walker: inout JSONWalker, _ name: String) throws(JSONFault) -> Int64 {
    guard let count = walker.count() else { throw walker.fault("'\(name)' must be a whole number") }
    return count
  }

  func mark(_ walker: JSONWalker) throws(JSONFault) -> RecordMark {
    guard version == 1 else { throw walker.fault("'v' must be 1") }
    guard let seq else { throw walker.fault("the key 'seq' is missing") }
    guard let gateway else { throw walker.fault("the key 'gateway' is missing") }
    let name = gateway.start..<gateway.start + gateway.count
    guard isRedacted else {
      var mark = RecordMark(seq: seq, gateway: name, digest: nil)
      mark.isUrgent = isUrgent(walker)
      return mark
    }
    guard let bytes = walker.string(digest).flatMap(Hex.bytes), bytes.count == 32 else {
      throw walker.fault("'digest' must be 64 hexadecimal digits")
    }
    return RecordMark(seq: seq, gateway: name, digest: bytes)
  }
}
