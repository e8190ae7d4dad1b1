import AccessPolicy
import ControlCore

extension SiteReader {
  /// The card formats by their usual names; bits and parity are the GPIO driver's.
  static let cardFormats = ["H10301", "H10302", "H10304", "H10306", "C1000-35"]
  /// Without H10302: 37 bits and parity are H10304's too, so a frame could never be told apart.
  static let usualFormats = ["H10301", "H10304", "H10306", "C1000-35"]

  mutating func readReaders() {
    for entry in file.entries("readers", of: file.root, limit: Limits.readers, kind: "a reader") {
      readerNames.append(entry.name)
      guard let section = Section(entry.node, entry.path, .reader, faults) else { continue }
      readReader(entry.name, section)
    }
  }

  private mutating func readReader(_ name: String, _ section: Section) {
    let point = section.text("point", required: true)
      .flatMap { pointNames.place(of: $0, section.path.key("point"), faults) }
    let side = section.choice("side", ["in": Side.in, "out": .out], required: true)
    let kinds: KeyValuePairs<String, CredentialKind> = [
      "plate": .plate, "card": .card, "pin": .pin, "qr": .qr, "face": .face,
    ]
    let kind = section.choice("kind", kinds, required: true)
    let match = section.choice("match", ["exact": PlateMatch.exact, "tolerant": .tolerant])
    if let kind, kind != .plate, match == .tolerant {
      faults.add(section.path.key("match"), "only a plate can be matched tolerantly; must be \"exact\"")
    }
    let confidence = section.share("min_confidence")
    if let kind, confidence != nil, kind != .plate, kind != .face {
      faults.add(section.path.key("min_confidence"), "a \(kind) has no confidence; must be left out")
    }
    let holdOff = section.duration("hold_off_ms", in: SiteLimits.holdOff)
    let wiring = readReaderWiring(section, kind: kind)
    let own = readCompany(section)
    let atPoint = point.flatMap { pointCompany[$0] } ?? Company()
    readers.append(
      ReaderSetting(
        name: name, point: PointIndex(point ?? 0), side: side ?? .in, kind: kind ?? .card,
        match: match ?? .exact, minConfidence: confidence ?? 0, holdOff: holdOff ?? .zero,
        factors: own.factors.isEmpty ? atPoint.factors : own.factors,
        twoPerson: own.twoPerson ?? atPoint.twoPerson ?? false,
        secondWithin: section.duration("second_within_s", in: SiteLimits.secondWithin)
          ?? .seconds(PolicyLimits.secondSeconds),
        wrongTries: section.integer("lockout_after", in: SiteLimits.wrongTries) ?? PolicyLimits.wrongPins,
        lockout: section.duration("lockout_s", in: SiteLimits.lockout)
          ?? .seconds(PolicyLimits.lockoutSeconds)))
    readerWiring.append(wiring ?? .ingress(user: nil))
  }

  private mutating func readReaderWiring(_ section: Section, kind: CredentialKind?) -> ReaderWiring? {
    let forms = ["wiegand", "osdp", "serial"].filter { section.has($0) }
    guard forms.count <= 1 else {
      faults.add(
        section.path, "is wired by \(forms.joined(separator: " and ")); must be wired by one of them")
      return nil
    }
    let user = section.text("source_user")
    guard let form = forms.first else { return .ingress(user: user) }
    if user != nil {
      faults.add(
        section.path.key("source_user"),
        "a \(form) reader does not speak on the ingress socket; must be left out")
    }
    let fitting: [CredentialKind] = form == "serial" ? [.qr, .card] : [.card, .pin]
    if let kind, !fitting.contains(kind) {
      let names = fitting.map { "\"\($0)\"" }.joined(separator: " or ")
      faults.add(section.path.key("kind"), "a \(form) reader cannot read a \(kind); must be \(names)")
    }
    switch form {
    case "wiegand": return section.child("wiegand", .wiegand).flatMap { readWiegand($0) }
    case "osdp": return section.child("osdp", .osdp).flatMap { readOSDP($0) }
    default: return section.child("serial", .serialReader).flatMap { readSerial($0) }
    }
  }

  private mutating func readWiegand(_ section: Section) -> ReaderWiring? {
    let chip = section.text("gpio", required: true)
      .flatMap { chipNames.place(of: $0, section.path.key("gpio"), faults) }
    let d0 = readLine(section, "d0", "d0_pin", chip: chip)
    let d1 = readLine(section, "d1", "d1_pin", chip: chip)
    let gap = section.duration("frame_gap_ms", in: SiteLimits.frameGap) ?? .milliseconds(25)
    let formats = readFormats(section)
    guard let chip, let d0, let d1 else { return nil }
    readerLines.append((chip, d0, section.path.key(section.has("d0") ? "d0" : "d0_pin")))
    readerLines.append((chip, d1, section.path.key(section.has("d1") ? "d1" : "d1_pin")))
    return .wiegand(
      chip: chip, d0: d0, d1: d1, frameGap: gap,
      formats: section.has("formats") ? formats : Self.usualFormats)
  }

  /// What the bits of a card may be.
  private func readFormats(_ section: Section) -> [String] {
    let formats = section.texts("formats")
    for (text, path) in formats where !Self.cardFormats.contains(text) {
      let advice = NearestName.advice(text, in: Self.cardFormats, none: "")
      faults.add(path, "there is no card format '\(text)'; \(advice)")
    }
    if Set(formats.map(\.text)).isSuperset(of: ["H10302", "H10304"]) {
      faults.add(
        section.path.key("formats"), "H10302 and H10304 have the same bits and parity; must hold one of them")
    }
    return formats.map(\.text)
  }

  private mutating func readOSDP(_ section: Section) -> ReaderWiring? {
    let bus = readerBus(section)
    let address = section.integer("address", in: SiteLimits.osdpAddress, required: true)
    let key = filePath("key_file", section)
    formatsOfBits[readers.count] = readFormats(section)
    if !section.has("key_file") {
      faults.note(section.path, "no key_file: this reader speaks in plain text only in an install window")
    }
    guard let bus, let address else { return nil }
    let sameAddress = readerWiring.firstIndex { wiring in
      if case .osdp(bus, address, _) = wiring { true } else { false }
    }
    if let sameAddress {
      faults.add(
        section.path.key("address"),
        "\(address) is reader '\(readers[sameAddress].name)' on this bus already; must differ")
    }
    if busUse[bus].osdp == nil { busUse[bus].osdp = section.path }
    return .osdp(bus: bus, address: address, keyFile: key)
  }

  private mutating func readSerial(_ section: Section) -> ReaderWiring? {
    guard let bus = readerBus(section) else { return nil }
    if let other = busUse[bus].serial {
      faults.add(section.path.key("bus"), "bus '\(buses[bus].name)' is \(other)'s already; must be its own")
    }
    busUse[bus].serial = section.path
    return .serial(bus: bus)
  }

  private func readerBus(_ section: Section) -> Int? {
    guard let name = section.text("bus", required: true),
      let bus = busNames.place(of: name, section.path.key("bus"), faults)
    else { return nil }
    if case .tcp(let host, _) = buses[bus].link, !host.isEmpty {
      faults.add(section.path.key("bus"), "bus '\(name)' is Modbus TCP; must be a serial line")
    }
    return bus
  }
}
