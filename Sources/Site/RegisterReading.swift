/// What the values of a register say about an input: the first band that holds the value decides.
public struct RegisterReading: Sendable, Equatable {
  public enum Word: String, Sendable, Equatable {
    case off, on, lost, cut, short
  }

  public struct Band: Sendable, Equatable {
    public var values: ClosedRange<UInt16>
    public var says: Word
  }

  /// The bits that count.
  public var mask: UInt16 = .max
  public var bands: [Band]
  /// What a value in no band says.
  public var otherwise: Word = .off
  /// What the profile calls single values.
  public var meanings: [UInt16: String] = [:]

  public func word(of register: UInt16) -> Word {
    let value = register & mask
    return bands.first { $0.values.contains(value) }?.says ?? otherwise
  }
}

extension RegisterReading {
  /// `on at 16, lost at 0`
  var words: String {
    var texts: [String] = []
    if mask != .max { texts.append("mask \(mask)") }
    for word in [Word.off, .on, .lost, .cut, .short] {
      let values = bands.filter { $0.says == word }.map(\.values)
      if values.isEmpty { continue }
      let listed = values.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)..\($0.upperBound)" }
      texts.append("\(word.rawValue) at \(listed.joined(separator: " "))")
    }
    if otherwise != .off { texts.append("else \(otherwise.rawValue)") }
    return texts.joined(separator: ", ")
  }

  /// A range of numbers as the registers have them: one below 0 is the two's complement.
  static func registers(_ range: ClosedRange<Int>) -> [ClosedRange<UInt16>] {
    func word(_ value: Int) -> UInt16 { UInt16(truncatingIfNeeded: value) }
    if range.lowerBound < 0, range.upperBound >= 0 {
      return [word(range.lowerBound)...UInt16.max, 0...word(range.upperBound)]
    }
    return [word(range.lowerBound)...word(range.upperBound)]
  }
}

/// How a register's numbers are coded, and what single ones mean.
struct RegisterCoding {
  var isSigned = false
  /// Values that say nothing.
  var unknown: [UInt16] = []
  var meanings: [UInt16: String] = [:]

  var range: ClosedRange<Int> { isSigned ? -32_768...32_767 : SiteLimits.word }
}

extension Section {
  private static let conditions = ["equals", "at_least", "at_most"]

  /// `bit`, `equals`, `at_least`, `at_most` or, where the table has it, `supervised`: how a register is one bit.
  ///
  /// Nil, with a fault, where none is given or they exclude each other.
  func register(_ coding: RegisterCoding) -> (bit: Int?, reading: RegisterReading?)? {
    let condition = Self.conditions.filter { has($0) }
    let supervised = table.knows("supervised") && has("supervised")
    let forms = [has("bit"), !condition.isEmpty, supervised].count { $0 }
    guard forms == 1, !has("equals") || condition.count == 1 else {
      let choice = "bit, equals, at_least and at_most" + (table.knows("supervised") ? ", supervised" : "")
      faults.add(
        forms == 0 ? path.key("bit") : path,
        forms == 0
          ? "is missing; must be given, or another of \(choice)"
          : "reads one register in two ways; must be one of \(choice)")
      return nil
    }
    if has("bit") || has("mask"), !coding.unknown.isEmpty {
      faults.add(
        path.key(has("bit") ? "bit" : "mask"), "the value has numbers that say nothing; must be left out")
    }
    if has("bit") { return integer("bit", in: SiteLimits.bit).map { ($0, nil) } }
    return (supervised ? supervisedReading(coding) : conditionReading(coding)).map { (nil, $0) }
  }

  private func conditionReading(_ coding: RegisterCoding) -> RegisterReading? {
    let mask = integer("mask", in: 1...SiteLimits.word.upperBound)
    let unknown = coding.unknown.map { Int($0) } + (integers("unknown", in: coding.range) ?? [])
    var ranges: [ClosedRange<Int>]
    if has("equals") {
      guard let values = integers("equals", in: coding.range) else { return nil }
      ranges = values.map { $0...$0 }
    } else {
      let low = has("at_least") ? integer("at_least", in: coding.range) : coding.range.lowerBound
      let high = has("at_most") ? integer("at_most", in: coding.range) : coding.range.upperBound
      guard let low, let high else { return nil }
      guard low <= high else {
        faults.add(path.key("at_most"), "is \(high); must not be less than at_least, \(low)")
        return nil
      }
      ranges = [low...high]
    }
    if let mask, has("equals"), let odd = ranges.first(where: { $0.lowerBound & ~mask != 0 }) {
      faults.add(path.key("equals"), "\(odd.lowerBound) can never be; must lie within the mask \(mask)")
    }
    let bands =
      unknown.map {
        RegisterReading.Band(
          values: UInt16(truncatingIfNeeded: $0)...UInt16(truncatingIfNeeded: $0), says: .lost)
      }
      + ranges.flatMap(RegisterReading.registers).map { RegisterReading.Band(values: $0, says: .on) }
    return RegisterReading(
      mask: mask.map { UInt16($0) } ?? .max, bands: bands, meanings: coding.meanings)
  }

  /// Four states by the bands that the end-of-line resistors give; what lies between them is no state.
  private func supervisedReading(_ coding: RegisterCoding) -> RegisterReading? {
    for key in ["mask", "unknown"] where has(key) {
      faults.add(path.key(key), "has no part in supervised; must be left out")
    }
    guard let section = child("supervised", .supervised) else { return nil }
    var bands: [(key: String, range: ClosedRange<Int>)] = []
    let words: KeyValuePairs<String, RegisterReading.Word> = [
      "normal": .off, "active": .on, "cut": .cut, "short": .short,
    ]
    for (key, _) in words {
      guard let range = section.range(key, in: coding.range, required: key == "normal" || key == "active")
      else { continue }
      if let other = bands.first(where: { $0.range.overlaps(range) }) {
        section.faults.add(section.path.key(key), "overlaps \(other.key); every value must be in one band")
      }
      bands.append((key, range))
    }
    guard bands.count >= 2 else { return nil }
    if bands.count == 2 {
      section.faults.note(section.path, "names neither cut nor short: a tampered wire is only told as lost")
    }
    return RegisterReading(
      bands: bands.flatMap { key, range in
        RegisterReading.registers(range).map { values in
          RegisterReading.Band(values: values, says: words.first { $0.key == key }!.value)
        }
      }, otherwise: .lost, meanings: coding.meanings)
  }

  /// One whole number, or a list of them.
  func integers(_ key: String, in range: ClosedRange<Int>) -> [Int]? {
    guard let node = node(key) else { return nil }
    guard case .list(let list) = node else { return integer(key, in: range).map { [$0] } }
    var values: [Int] = []
    for (position, node) in list.enumerated() {
      guard case .integer(let value) = node, range.contains(value) else {
        faults.add(
          path.key(key).element(position),
          "is \(node.shown); must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        continue
      }
      values.append(value)
    }
    guard list.count > 0, list.count <= SiteLimits.valuesOfRegister else {
      faults.add(path.key(key), "holds \(list.count) values; must be 1 to \(SiteLimits.valuesOfRegister)")
      return nil
    }
    return values.count == list.count ? values : nil
  }

  /// `[low, high]`, both included.
  func range(_ key: String, in bounds: ClosedRange<Int>, required: Bool) -> ClosedRange<Int>? {
    guard let node = node(key, required: required) else { return nil }
    guard case .list(let list) = node, list.count == 2, case .integer(let low) = list[0],
      case .integer(let high) = list[1], low <= high, bounds.contains(low), bounds.contains(high)
    else {
      wrong(key, node, "[low, high], two whole numbers from \(bounds.lowerBound) to \(bounds.upperBound)")
      return nil
    }
    return low...high
  }

  /// `on_value` and `off_value`, or a profile's `on` and `off`; nil where neither is given.
  func words(_ onKey: String, _ offKey: String, _ table: ModbusTable?) -> OutputWords? {
    guard has(onKey) || has(offKey) else { return nil }
    let on = integer(onKey, in: SiteLimits.word)
    let off = integer(offKey, in: SiteLimits.word)
    if !has(onKey) || !has(offKey) || table.map({ $0 != .holdingRegister }) ?? false {
      faults.add(path, "must have both \(onKey) and \(offKey), and the table holding_register")
      return nil
    }
    guard let on, let off else { return nil }
    if on == off { faults.add(path.key(offKey), "is \(off), like \(onKey); must differ") }
    return OutputWords(on: UInt16(on), off: UInt16(off))
  }
}
