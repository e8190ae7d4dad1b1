/// What a line of the log says of its place in the chain.
///
/// Nothing else of the record is looked at but that it is JSON: who keeps or passes on the records of a newer gateway need
/// not know their types.
public struct RecordHead: Sendable, Equatable {
  public var gateway: String
  public var seq: Int64
  /// Of a record whose content was dropped: the digest that keeps its place in the chain, 32 bytes.
  public var digest: [UInt8]?

  /// - Throws: ``MessageFault`` where it is not a record of version 1.
  public init(_ bytes: [UInt8]) throws(MessageFault) {
    guard bytes.count <= MessageLimits.payloadBytes else {
      throw MessageFault("longer than \(MessageLimits.payloadBytes) bytes")
    }
    do throws(JSONFault) {
      self = try unsafe bytes.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
        var fields = Fields(unsafe JSONWalker(bytes))
        try fields.read()
        return try fields.head()
      }
    } catch {
      throw MessageFault(error)
    }
  }

  private init(gateway: String, seq: Int64, digest: [UInt8]?) {
    self.gateway = gateway
    self.seq = seq
    self.digest = digest
  }

  /// The members that matter, each at most once.
  private struct Fields {
    var walker: JSONWalker
    var version: Int64?
    var seq: Int64?
    var gateway: String?
    var digest: [UInt8]?
    var isRedacted = false

    init(_ walker: JSONWalker) {
      self.walker = walker
    }

    mutating func read() throws(JSONFault) {
      var walker = self.walker
      defer { self.walker = walker }
      try walker.eachMember { (walker, key) throws(JSONFault) in
        // One reader's key is another's with an escape in it: our gateways write none.
        guard !key.isEscaped else { throw walker.fault("an escape in a key") }
        if walker.holds(key, "v") {
          try once(&version, walker.count(), "v", walker)
        } else if walker.holds(key, "seq") {
          try once(&seq, walker.count(), "seq", walker)
        } else if walker.holds(key, "gateway") {
          try once(&gateway, try Self.plainText(&walker), "gateway", walker)
        } else if walker.holds(key, "digest") {
          try once(&digest, Hex.bytes(try Self.plainText(&walker) ?? ""), "digest", walker)
        } else {
          let start = walker.position
          try walker.skipValue(depth: MessageLimits.depth)
          if walker.holds(key, "redacted") {
            isRedacted = walker.text(from: start, to: walker.position) == "true"
          }
        }
      }
      try walker.expectEnd()
    }

    private func once<Value>(
      _ field: inout Value?, _ value: Value?, _ name: String, _ walker: JSONWalker
    ) throws(JSONFault) {
      guard let value else { throw walker.fault("'\(name)' is not what it should be") }
      guard field == nil else { throw walker.fault("the key '\(name)' stands twice") }
      field = value
    }

    /// A string without escapes.
    private static func plainText(_ walker: inout JSONWalker) throws(JSONFault) -> String? {
      walker.skipSpace()
      let start = walker.position
      try walker.skipValue(depth: 0)
      let end = walker.position
      let text = walker.text(from: start, to: end)
      guard end - start >= 2, end - start <= MessageLimits.nameBytes + 2,
        text.utf8.first == UInt8(ascii: "\""),
        !text.utf8.contains(UInt8(ascii: "\\"))
      else { return nil }
      return String(text.dropFirst().dropLast())
    }

    func head() throws(JSONFault) -> RecordHead {
      guard version == 1 else { throw walker.fault("'v' must be 1") }
      guard let seq else { throw walker.fault("the key 'seq' is missing") }
      guard let gateway else { throw walker.fault("the key 'gateway' is missing") }
      guard isRedacted else { return RecordHead(gateway: gateway, seq: seq, digest: nil) }
      guard let digest, digest.count == 32 else {
        throw walker.fault("'digest' must be 64 hexadecimal digits")
      }
      return RecordHead(gateway: gateway, seq: seq, digest: digest)
    }
  }
}
