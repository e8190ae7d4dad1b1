import Journal
import Messages

/// A list version that arrives in parts, and is whole or is nothing.
struct ListAssembly {
  private(set) var head: UplinkListPart
  private var parts: [Int64: String] = [:]
  private var bytes = 0

  init(_ part: UplinkListPart) {
    head = part
    head.rows = ""
  }

  /// Whether the part belongs to this version.
  func fits(_ part: UplinkListPart) -> Bool {
    part.id == head.id && part.version == head.version && part.base == head.base && part.parts == head.parts
      && part.digest == head.digest
  }

  /// Nil while parts are missing; then the whole CSV.
  mutating func add(_ part: UplinkListPart) throws(MessageFault) -> String? {
    guard parts[part.part] == nil else { return nil }
    bytes += part.rows.utf8.count
    guard bytes <= UplinkLimits.listBytes else {
      throw MessageFault("the list is larger than \(UplinkLimits.listBytes) bytes")
    }
    parts[part.part] = part.rows
    guard Int64(parts.count) == head.parts else { return nil }
    let whole = parts.sorted { $0.key < $1.key }.map(\.value).joined()
    guard Digest.of(Array(whole.utf8)) == head.digest else {
      throw MessageFault("the list does not fit its SHA-256")
    }
    return whole
  }
}
