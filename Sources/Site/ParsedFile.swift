import FoundationEssentials

/// A JSON5 file after decoder and outline, and before anybody asks what it means.
struct ParsedFile {
  let root: Section
  let outline: JSON5Outline

  /// Nil, with its faults, where the text is no JSON5 object.
  init?(_ bytes: [UInt8], _ table: KeyTable, _ faults: FaultList) {
    guard bytes.count <= SiteLimits.fileSize else {
      faults.add(.root, "is \(bytes.count) bytes; must be at most \(SiteLimits.fileSize) bytes")
      return nil
    }
    guard String(validating: bytes, as: UTF8.self) != nil else {
      faults.add(.root, "is not UTF-8 text; must be saved as UTF-8")
      return nil
    }
    let outline: JSON5Outline
    do {
      outline = try JSON5Outline(bytes)
    } catch {
      faults.add(.root, "line \(error.line), column \(error.column): \(error.text)")
      return nil
    }
    let decoder = JSONDecoder()
    decoder.allowsJSON5 = true
    let node: Node
    do {
      node = try decoder.decode(Node.self, from: Data(bytes))
    } catch let error as DecodingError {
      faults.add(.root, Self.words(error))
      return nil
    } catch {
      faults.add(.root, "is not JSON5: \(error)")
      return nil
    }
    for double in outline.twice {
      faults.add(double.path, "stands a second time in line \(double.line); keep one, or rename one")
    }
    guard let root = Section(node, .root, table, faults, order: outline.order[.root]) else { return nil }
    self.root = root
    self.outline = outline
  }

  /// The members of the object under `key` in the file's order; with a fault for each name that cannot be one.
  func entries(_ key: String, of section: Section, limit: Int, kind: String) -> [NamedNode] {
    guard let node = section.node(key) else { return [] }
    let path = section.path.key(key)
    guard case .object(let members) = node else {
      section.wrong(key, node, "an object { name: … }")
      return []
    }
    if members.count > limit {
      section.faults.add(path, "holds \(members.count) entries; must be at most \(limit)")
    }
    let order = outline.order[path] ?? []
    let rest = Set(members.keys).subtracting(order).sorted()
    return (order.filter { members[$0] != nil } + rest).prefix(limit * SiteLimits.excess).compactMap { name in
      if let trouble = NameList.trouble(with: name) {
        section.faults.add(path.key(name), "cannot name \(kind); \(trouble)")
        return nil
      }
      return NamedNode(name: name, node: members[name]!, path: path.key(name))
    }
  }

  private static func words(_ error: DecodingError) -> String {
    switch error {
    case .dataCorrupted(let context), .keyNotFound(_, let context), .typeMismatch(_, let context),
      .valueNotFound(_, let context):
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return "is not JSON5\(path.isEmpty ? "" : " at \(path)"): \(context.debugDescription)"
    @unknown default: return "is not JSON5: \(error)"
    }
  }
}
