import AccessPolicy
import ControlCore

/// What must come with a credential: `factors` and `two_person` of a point, a reader or a group.
struct Company {
  var factors: [CredentialKind] = []
  var twoPerson: Bool?
}

extension SiteReader {
  static let kindNames: KeyValuePairs<String, CredentialKind> = [
    "plate": .plate, "card": .card, "pin": .pin, "qr": .qr, "face": .face,
  ]

  func readCompany(_ section: Section) -> Company {
    var company = Company(twoPerson: section.flag("two_person"))
    let path = section.path.key("factors")
    let texts = section.texts("factors")
    for (text, path) in texts {
      guard let kind = CredentialKind(name: text) else {
        let names = Self.kindNames.map(\.key)
        faults.add(
          path, "there is no kind of credential '\(text)'; \(NearestName.advice(text, in: names, none: ""))")
        continue
      }
      if company.factors.contains(kind) {
        faults.add(path, "'\(text)' stands in this list already; must stand once")
      } else {
        company.factors.append(kind)
      }
    }
    if section.has("factors"), texts.count < 2 {
      faults.add(path, "holds \(texts.count) kinds; must hold two or more, the one that passes first")
    }
    return company
  }

  /// After all readers: a factor that no reader of the point's side could read would lock it for good.
  func checkFactors() {
    for (place, reader) in readers.enumerated() where !reader.factors.isEmpty {
      let siblings = readers.filter { $0.point == reader.point && $0.side == reader.side }
      for kind in reader.factors where !siblings.contains(where: { $0.kind.canRead(kind) }) {
        faults.add(
          KeyPath.root.key("readers").key(readerNames.names[place]).key("factors"),
          "no reader at this side of the point reads a \(kind.name); must name what can be shown there")
      }
    }
  }
}
