import FoundationEssentials

/// A value as the file has it, before anybody asks what it should be.
indirect enum Node {
  case null
  case flag(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([Node])
  case object([String: Node])
  /// A number that the decoder accepts as a token and cannot turn into a value (`1-2`, `1e999`).
  case unreadable

  /// "a number", for "is a number; must be a text".
  var kind: String {
    switch self {
    case .null: "null"
    case .flag: "true or false"
    case .integer, .number: "a number"
    case .text: "a text"
    case .list: "a list"
    case .object: "an object"
    case .unreadable: "not a number that can be read"
    }
  }
}

extension Node: Decodable {
  private struct AnyKey: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init?(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    guard decoder.codingPath.count <= SiteLimits.depth else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: [], debugDescription: "nested deeper than \(SiteLimits.depth)"))
    }
    if let members = try? decoder.container(keyedBy: AnyKey.self) {
      var object: [String: Node] = [:]
      for key in members.allKeys { object[key.stringValue] = try members.decode(Node.self, forKey: key) }
      self = .object(object)
    } else if var elements = try? decoder.unkeyedContainer() {
      var list: [Node] = []
      while !elements.isAtEnd { list.append(try elements.decode(Node.self)) }
      self = .list(list)
    } else {
      let value = try decoder.singleValueContainer()
      if value.decodeNil() {
        self = .null
      } else if let flag = try? value.decode(Bool.self) {
        self = .flag(flag)
      } else if let text = try? value.decode(String.self) {
        self = .text(text)
      } else if let integer = try? value.decode(Int.self) {
        self = .integer(integer)
      } else if let number = try? value.decode(Double.self), number.isFinite {
        self = .number(number)
      } else {
        self = .unreadable
      }
    }
  }
}
