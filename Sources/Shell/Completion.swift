import Messages

/// What may follow the words typed so far: verbs, options, and names that the controller knows.
final class Completion {
  private let table: VerbTable
  private let transport: any ControlTransport

  init(table: VerbTable, transport: any ControlTransport) {
    self.table = table
    self.transport = transport
  }

  func words(_ before: [String], _ beginning: String) -> [String] {
    candidates(before, beginning).filter { $0.hasPrefix(beginning) }.sorted()
  }

  private func candidates(_ before: [String], _ beginning: String) -> Set<String> {
    guard let found = try? table.find(before) else {
      // The words before are the beginning of verbs of two words, or nothing yet.
      let names = table.verbs.map { $0.name.split(separator: " ").map(String.init) }
      return Set(names.filter { $0.count > before.count && $0.starts(with: before) }.map { $0[before.count] })
    }
    if beginning.hasPrefix("-") { return found.verb.options.union(found.verb.flags) }
    return names(found.verb.names)
  }

  private func names(_ kind: WordKind) -> Set<String> {
    let verb =
      switch kind {
      case .nothing: ""
      case .point: "points"
      case .output: "outputs"
      case .plan: "emergency.status"
      }
    guard !verb.isEmpty, let elements = try? transport.ask(verb).arrayValue else { return [] }
    return Set(elements.compactMap { $0["name"]?.stringValue })
  }
}
