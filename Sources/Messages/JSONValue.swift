/// A JSON value whose object members keep their order, so that what is written is what was meant.
public indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int64)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([(key: String, value: JSONValue)])

  public static func == (left: JSONValue, right: JSONValue) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let a), .bool(let b)): a == b
    case (.integer(let a), .integer(let b)): a == b
    case (.number(let a), .number(let b)): a == b
    case (.string(let a), .string(let b)): a == b
    case (.array(let a), .array(let b)): a == b
    case (.object(let a), .object(let b)):
      a.elementsEqual(b) { $0.key == $1.key && $0.value == $1.value }
    default: false
    }
  }

  /// Reads one JSON text. A key that stands twice in an object is refused: two readers would see two messages.
  ///
  /// - Throws: ``JSONFault`` for anything that is not JSON, too deep, or longer than `maximumBytes`.
  public static func parse(
    _ bytes: [UInt8], maximumDepth: Int = MessageLimits.depth, maximumBytes: Int = MessageLimits.payloadBytes
  ) throws(JSONFault) -> JSONValue {
    guard bytes.count <= maximumBytes else {
      throw JSONFault(offset: maximumBytes, text: "longer than \(maximumBytes) bytes")
    }
    var reader = JSONReader(bytes, maximumDepth: maximumDepth)
    let value = try reader.value()
    try reader.expectEnd()
    return value
  }

  public static func parse(
    _ text: String, maximumDepth: Int = MessageLimits.depth, maximumBytes: Int = MessageLimits.payloadBytes
  ) throws(JSONFault) -> JSONValue {
    try parse(Array(text.utf8), maximumDepth: maximumDepth, maximumBytes: maximumBytes)
  }

  /// Compact JSON in UTF-8. Infinity and not-a-number, which JSON lacks, are written as null.
  public func encoded() -> [UInt8] {
    var writer = JSONWriter()
    writer.value(self)
    return writer.bytes
  }

  /// ``encoded()`` as text.
  public var text: String { String(decoding: encoded(), as: UTF8.self) }
}
