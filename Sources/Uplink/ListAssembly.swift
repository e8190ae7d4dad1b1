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

  /// Which parts have not come.
  var gaps: UplinkListGaps {
    UplinkListGaps(id: head.id, missing: head.parts < 1 ? [] : (1...head.parts).filter { parts[$0] == nil })
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

/// The list that is arriving. It outlives a connection: a line that drops every few seconds brings it all the same.
final class ListDesk {
  private var assembly: ListAssembly?
  /// The last list that the controller took from here.
  private var applied: (id: String, version: Int64)?

  func note(applied head: UplinkListPart) { applied = (head.id, head.version) }

  /// The id of the list in force; nil where it did not come from HQ, or came before this program was started.
  func id(of version: Int64) -> String? {
    guard let applied, applied.version == version else { return nil }
    return applied.id
  }

  var arriving: UplinkListGaps? { assembly?.gaps }

  /// - Returns: the whole CSV and its head, once the last part has come; nil while parts are missing.
  func add(_ part: UplinkListPart) throws(MessageFault) -> (rows: String, head: UplinkListPart)? {
    var assembly = self.assembly.flatMap { $0.fits(part) ? $0 : nil } ?? ListAssembly(part)
    self.assembly = nil
    guard let rows = try assembly.add(part) else {
      self.assembly = assembly
      return nil
    }
    return (rows, assembly.head)
  }
}
