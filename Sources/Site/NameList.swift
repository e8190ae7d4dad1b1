/// One member of an object whose keys are names that the person chose.
struct NamedNode {
  let name: String
  let node: Node
  let path: KeyPath
}

/// The names of one kind of thing; a name's position is the index that everybody else uses.
struct NameList {
  /// What a fault calls one of them: "input".
  let kind: String
  private(set) var names: [String] = []
  private var places: [String: Int] = [:]

  init(_ kind: String) {
    self.kind = kind
  }

  mutating func append(_ name: String) {
    places[name] = names.count
    names.append(name)
  }

  func place(of name: String) -> Int? { places[name] }

  /// The place of `name`, or nil with a fault that names the nearest.
  func place(of name: String, _ path: KeyPath, _ faults: FaultList) -> Int? {
    if let place = places[name] { return place }
    let advice = NearestName.advice(name, in: names, none: "no \(kind) is defined")
    faults.add(path, "there is no \(kind) '\(name)'; \(advice)")
    return nil
  }

  /// What is wrong with a name that a person chose, or nil.
  static func trouble(with name: String) -> String? {
    guard !name.isEmpty, name.utf8.count <= SiteLimits.nameSize else {
      return "the name must be 1 to \(SiteLimits.nameSize) bytes long"
    }
    let plain = name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || scalar.properties.numericType == .decimal
        || ".-_".unicodeScalars.contains(scalar)
    }
    return plain ? nil : "the name must be of letters, digits, dots, dashes and underscores"
  }
}
