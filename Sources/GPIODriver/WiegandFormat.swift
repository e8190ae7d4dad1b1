/// A card format: where its fields lie and which bits keep which parity. Bit 0 is the one that comes first.
public struct WiegandFormat: Sendable, Equatable {
  public struct Parity: Sendable, Equatable {
    /// The parity bit, and the bits that it is counted over together with itself.
    public var bit: Int
    public var over: [Int]
    public var odd: Bool

    public init(bit: Int, over: [Int], odd: Bool) {
      self.bit = bit
      self.over = over
      self.odd = odd
    }
  }

  /// The usual name; the first part of a credential.
  public var name: String
  public var bits: Int
  /// Empty where the format has no facility code.
  public var facility: Range<Int>
  public var number: Range<Int>
  public var parity: [Parity]

  public init(name: String, bits: Int, facility: Range<Int>, number: Range<Int>, parity: [Parity]) {
    self.name = name
    self.bits = bits
    self.facility = facility
    self.number = number
    self.parity = parity
  }

  /// The formats that are known by name.
  public static let known: [WiegandFormat] = [
    WiegandFormat(
      name: "H10301", bits: 26, facility: 1..<9, number: 9..<25,
      parity: [even(0, 1..<13), odd(25, 13..<25)]),
    WiegandFormat(
      name: "H10306", bits: 34, facility: 1..<17, number: 17..<33,
      parity: [even(0, 1..<17), odd(33, 17..<33)]),
    // The middle bit counts in both halves.
    WiegandFormat(
      name: "H10304", bits: 37, facility: 1..<17, number: 17..<36,
      parity: [even(0, 1..<19), odd(36, 18..<36)]),
    WiegandFormat(
      name: "H10302", bits: 37, facility: 1..<1, number: 1..<36,
      parity: [even(0, 1..<19), odd(36, 18..<36)]),
    // Two bits of three, twice, and all.
    WiegandFormat(
      name: "C1000-35", bits: 35, facility: 2..<14, number: 14..<34,
      parity: [
        Parity(bit: 1, over: (2..<34).filter { $0 % 3 != 1 }, odd: false),
        Parity(bit: 34, over: (1..<33).filter { $0 % 3 != 0 }, odd: true),
        odd(0, 1..<35),
      ]),
  ]

  public static func named(_ name: String) -> WiegandFormat? {
    known.first { $0.name == name }
  }

  private static func even(_ bit: Int, _ over: Range<Int>) -> Parity {
    Parity(bit: bit, over: Array(over), odd: false)
  }

  private static func odd(_ bit: Int, _ over: Range<Int>) -> Parity {
    Parity(bit: bit, over: Array(over), odd: true)
  }

  /// The card in a frame; nil where the length or a parity is wrong.
  func card(in frame: [Bool]) -> WiegandCard? {
    guard frame.count == bits, parity.allSatisfy({ Self.holds($0, in: frame) }) else { return nil }
    return WiegandCard(
      format: name, facility: Self.value(of: frame[facility]), number: Self.value(of: frame[number]))
  }

  /// The frame that a reader sends for a card; nil where a field is too large for the format.
  public func frame(facility code: UInt64, number: UInt64) -> [Bool]? {
    var frame = [Bool](repeating: false, count: bits)
    guard Self.put(code, into: &frame[facility]), Self.put(number, into: &frame[self.number]) else {
      return nil
    }
    for parity in parity where !Self.holds(parity, in: frame) { frame[parity.bit].toggle() }
    return frame
  }

  private static func holds(_ parity: Parity, in frame: [Bool]) -> Bool {
    var ones = frame[parity.bit] ? 1 : 0
    for bit in parity.over where frame[bit] { ones += 1 }
    return (ones % 2 == 1) == parity.odd
  }

  static func value(of bits: ArraySlice<Bool>) -> UInt64 {
    bits.reduce(0) { $0 << 1 | ($1 ? 1 : 0) }
  }

  private static func put(_ value: UInt64, into bits: inout ArraySlice<Bool>) -> Bool {
    var rest = value
    for bit in bits.indices.reversed() {
      bits[bit] = rest & 1 != 0
      rest >>= 1
    }
    return rest == 0
  }
}
