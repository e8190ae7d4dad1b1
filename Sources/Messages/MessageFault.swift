/// Why a line or a payload is JSON, or nearly, but not the message that was expected.
public struct MessageFault: Error, Equatable, Sendable, CustomStringConvertible {
  public var text: String

  public init(_ text: String) {
    self.text = text
  }

  init(_ fault: JSONFault) {
    text = fault.description
  }

  public var description: String { text }
}

/// Takes members out of an object and says what is missing or of the wrong kind.
struct Members {
  let value: JSONValue

  init(line: [UInt8], maximumBytes: Int = MessageLimits.lineBytes) throws(MessageFault) {
    do {
      try self.init(JSONValue.parse(line, maximumBytes: maximumBytes))
    } catch let fault as JSONFault {
      throw MessageFault(fault)
    } catch let fault as MessageFault {
      throw fault
    } catch {
      throw MessageFault("\(error)")
    }
  }

  init(_ value: JSONValue) throws(MessageFault) {
    guard case .object = value else { throw MessageFault("expected a JSON object") }
    self.value = value
  }

  /// The member, where it is there and not null.
  subscript(key: String) -> JSONValue? {
    guard let member = value[key], !member.isNull else { return nil }
    return member
  }

  private func need<Value>(_ key: String, _ value: Value?) throws(MessageFault) -> Value {
    guard let value else { throw MessageFault("the key '\(key)' is missing") }
    return value
  }

  func optionalString(_ key: String, limit: Int = MessageLimits.nameBytes) throws(MessageFault) -> String? {
    guard let member = self[key] else { return nil }
    guard let text = member.stringValue else { throw MessageFault("'\(key)' must be text") }
    guard text.utf8.count <= limit else { throw MessageFault("'\(key)' is longer than \(limit) bytes") }
    return text
  }

  func string(_ key: String, limit: Int = MessageLimits.nameBytes) throws(MessageFault) -> String {
    try need(key, optionalString(key, limit: limit))
  }

  func optionalInteger(_ key: String) throws(MessageFault) -> Int64? {
    guard let member = self[key] else { return nil }
    guard let integer = member.integerValue else { throw MessageFault("'\(key)' must be a whole number") }
    return integer
  }

  func integer(_ key: String) throws(MessageFault) -> Int64 { try need(key, optionalInteger(key)) }

  /// A seq, a count, a version: a whole number that is not negative.
  func count(_ key: String) throws(MessageFault) -> Int64 {
    let value = try integer(key)
    guard value >= 0 else { throw MessageFault("'\(key)' must not be negative") }
    return value
  }

  /// A version of the allow-list, at most ``MessageLimits/listVersion``.
  func listVersion(_ key: String) throws(MessageFault) -> Int64 {
    let value = try count(key)
    guard value <= MessageLimits.listVersion else {
      throw MessageFault(
        "'\(key)' must not be higher than \(MessageLimits.listVersion), the highest version of a list")
    }
    return value
  }

  func optionalNumber(_ key: String) throws(MessageFault) -> Double? {
    guard let member = self[key] else { return nil }
    guard let number = member.doubleValue else { throw MessageFault("'\(key)' must be a number") }
    return number
  }

  func bool(_ key: String) throws(MessageFault) -> Bool {
    guard let value = try need(key, self[key]).boolValue else {
      throw MessageFault("'\(key)' must be true or false")
    }
    return value
  }

  func array(_ key: String, limit: Int) throws(MessageFault) -> [JSONValue] {
    guard let member = self[key] else { return [] }
    guard let elements = member.arrayValue else { throw MessageFault("'\(key)' must be an array") }
    guard elements.count <= limit else { throw MessageFault("'\(key)' has more than \(limit) elements") }
    return elements
  }

  func optionalTime(_ key: String) throws(MessageFault) -> Timestamp? {
    guard let text = try optionalString(key) else { return nil }
    guard let time = Timestamp(text) else { throw MessageFault("'\(key)' must be an RFC 3339 time") }
    return time
  }

  func time(_ key: String) throws(MessageFault) -> Timestamp { try need(key, optionalTime(key)) }

  /// SHA-256 in hexadecimal.
  func digest(_ key: String) throws(MessageFault) -> [UInt8] {
    guard let bytes = Hex.bytes(try string(key)), bytes.count == 32 else {
      throw MessageFault("'\(key)' must be 64 hexadecimal digits")
    }
    return bytes
  }
}
