/// Makes a row of its seven texts, or tells everything that is wrong with them.
struct RowForm: Sendable {
  private let groupNames: [String]
  private let groupPlaces: [String: Int]

  init(groupNames: [String]) {
    self.groupNames = groupNames
    groupPlaces = Dictionary(
      groupNames.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
  }

  /// `texts` in the order of ``AllowListText/columns``.
  func row(_ texts: [String]) -> (row: ListRow?, faults: [String]) {
    var faults: [String] = []
    let key = credential(texts[0], &faults)
    checkHolder(texts[1], &faults)
    let groups = groups(texts[2], &faults)
    let from = time(texts[3], "valid_from", &faults)
    let until = time(texts[4], "valid_until", &faults)
    let uses = uses(texts[5], &faults)
    let flags = flags(texts[6], &faults)
    if let from, let until, until <= from {
      faults.append("valid_until: \(texts[4]) is not after valid_from \(texts[3])")
    }
    guard faults.isEmpty, let key else { return (nil, faults) }
    let row = ListRow(
      credential: key, holder: texts[1], groups: groups, validFrom: from, validUntil: until, uses: uses,
      flags: flags)
    return (row, [])
  }

  private func credential(_ text: String, _ faults: inout [String]) -> CredentialKey? {
    do {
      return try CredentialKey.parse(stored: text)
    } catch {
      faults.append("credential: \(error)")
      return nil
    }
  }

  private func checkHolder(_ text: String, _ faults: inout [String]) {
    if text.utf8.count > PolicyLimits.holderBytes {
      faults.append("holder: longer than \(PolicyLimits.holderBytes) bytes")
    }
    let breaks: [Unicode.Scalar] = ["\t", "\n", "\r"]
    if text.unicodeScalars.contains(where: {
      $0.properties.generalCategory == .control && !breaks.contains($0)
    }) {
      faults.append("holder: a control character")
    }
  }

  private func groups(_ text: String, _ faults: inout [String]) -> [Int] {
    var places: Set<Int> = []
    for word in words(text) {
      if let place = groupPlaces[word] {
        places.insert(place)
      } else if let nearest = Nearest.of(word, in: groupNames, name: { $0 }) {
        faults.append("groups: unknown group '\(printable(word))'; the nearest is '\(nearest)'")
      } else {
        faults.append("groups: unknown group '\(printable(word))'; the site file has no groups")
      }
    }
    return places.sorted()
  }

  private func time(_ text: String, _ column: String, _ faults: inout [String]) -> Int64? {
    guard !text.isEmpty else { return nil }
    do {
      return try UnixMilliseconds.parse(text)
    } catch {
      faults.append("\(column): '\(printable(text))': \(error)")
      return nil
    }
  }

  private func uses(_ text: String, _ faults: inout [String]) -> Int? {
    guard !text.isEmpty else { return nil }
    guard text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }), let count = Int(text), count >= 1,
      count <= PolicyLimits.uses
    else {
      faults.append("uses: '\(printable(text))' is no whole number from 1 to \(PolicyLimits.uses)")
      return nil
    }
    return count
  }

  private func flags(_ text: String, _ faults: inout [String]) -> ListFlags {
    var flags: ListFlags = []
    for word in words(text) {
      if let known = ListFlags.names.first(where: { $0.name == word }) {
        flags.insert(known.flag)
      } else {
        let nearest = Nearest.of(word, in: ListFlags.names, name: \.name)?.name ?? "deny"
        faults.append("flags: unknown flag '\(printable(word))'; the nearest is '\(nearest)'")
      }
    }
    return flags
  }

  /// Between semicolons, without spaces around them; nothing from an empty text.
  private func words(_ text: String) -> [String] {
    text.split(separator: ";").map { word in
      var word = word
      while word.first == " " { word.removeFirst() }
      while word.last == " " { word.removeLast() }
      return String(word)
    }.filter { !$0.isEmpty }
  }
}
