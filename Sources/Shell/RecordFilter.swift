import Messages

/// Which records a person wants to see; what is not given is not asked.
struct RecordFilter {
  static let options: Set<String> = ["--point", "--type", "--reason"]

  private let wanted: [(key: String, value: String)]

  init(_ words: ParsedWords) {
    wanted = ["point", "type", "reason"].compactMap { key in words["--\(key)"].map { (key, $0) } }
  }

  /// Everything passes.
  var isOpen: Bool { wanted.isEmpty }

  func takes(_ record: JSONValue) -> Bool {
    wanted.allSatisfy { record[$0.key]?.stringValue == $0.value }
  }

  func takes(line: String) -> Bool {
    if isOpen { return true }
    guard let record = try? JSONValue.parse(Array(line.utf8)) else { return false }
    return takes(record)
  }
}
