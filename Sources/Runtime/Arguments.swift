import AccessPolicy
import ControlCore
import Messages
import Site

/// The arguments of a verb: takes them by name, and says what is missing or unknown.
struct Arguments {
  let value: JSONValue
  private let site: SiteDescription

  init(_ value: JSONValue, _ site: SiteDescription) {
    self.value = value
    self.site = site
  }

  func string(_ key: String) throws(MessageFault) -> String {
    guard let text = value[key]?.stringValue else { throw MessageFault("'\(key)' is missing, or is no text") }
    return text
  }

  func optionalString(_ key: String) -> String? { value[key]?.stringValue }

  func bool(_ key: String) throws(MessageFault) -> Bool {
    guard let flag = value[key]?.boolValue else {
      throw MessageFault("'\(key)' is missing, or neither true nor false")
    }
    return flag
  }

  func optionalBool(_ key: String) -> Bool? { value[key]?.boolValue }

  func count(_ key: String, upTo limit: UInt64) throws(MessageFault) -> UInt64 {
    guard let number = value[key]?.integerValue, number >= 0, UInt64(number) <= limit else {
      throw MessageFault("'\(key)' must be a whole number from 0 to \(limit)")
    }
    return UInt64(number)
  }

  func optionalCount(_ key: String, upTo limit: UInt64, or standard: UInt64) throws(MessageFault) -> UInt64 {
    guard let member = value[key], !member.isNull else { return standard }
    return try count(key, upTo: limit)
  }

  func optionalNumber(_ key: String) throws(MessageFault) -> Double? {
    guard let member = value[key], !member.isNull else { return nil }
    guard let number = member.doubleValue else { throw MessageFault("'\(key)' must be a number") }
    return number
  }

  func optionalTime(_ key: String) throws(MessageFault) -> Timestamp? {
    guard let text = optionalString(key) else { return nil }
    guard let time = Timestamp(text) else { throw MessageFault("'\(key)' must be an RFC 3339 time") }
    return time
  }

  func point(_ key: String) throws(MessageFault) -> PointIndex {
    PointIndex(try place(of: try string(key), in: site.pointNames, "point"))
  }

  /// `open`, `close`, or `stop`: let go.
  func way(_ key: String) throws(MessageFault) -> HoldWay {
    switch try string(key) {
    case "open": .open
    case "close": .close
    case "stop": .letGo
    default: throw MessageFault("'\(key)' must be open, close or stop")
    }
  }

  func area(_ key: String) throws(MessageFault) -> Int {
    try place(of: try string(key), in: site.policy.areas.map(\.name), "area")
  }

  /// As it is written on a card or a plate; a PIN as its digits.
  func credential(_ key: String) throws(MessageFault) -> CredentialKey {
    let text = try string(key)
    do throws(CredentialFault) {
      return try CredentialKey.parse(text)
    } catch {
      throw MessageFault("'\(key)': \(error)")
    }
  }

  func output(_ key: String) throws(MessageFault) -> OutputIndex {
    OutputIndex(try place(of: try string(key), in: site.outputNames, "output"))
  }

  func plan(_ key: String) throws(MessageFault) -> PlanIndex {
    PlanIndex(try place(of: try string(key), in: site.planNames, "emergency plan"))
  }

  func reader(_ key: String) throws(MessageFault) -> ReaderIndex {
    ReaderIndex(try place(of: try string(key), in: site.policy.readers.map(\.name), "reader"))
  }

  private func place(of name: String, in names: [String], _ what: String) throws(MessageFault) -> Int {
    guard let place = names.firstIndex(of: name) else { throw MessageFault("unknown \(what) '\(name)'") }
    return place
  }
}
