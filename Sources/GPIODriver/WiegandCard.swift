/// What a card says.
public struct WiegandCard: Sendable, Equatable {
  public var format: String
  /// 0 where the format has none.
  public var facility: UInt64
  public var number: UInt64

  public init(format: String, facility: UInt64, number: UInt64) {
    self.format = format
    self.facility = facility
    self.number = number
  }

  /// `H10301/123/45678`
  public var text: String { "\(format)/\(facility)/\(number)" }
}

/// One swipe.
public enum WiegandResult: Sendable, Equatable {
  case card(WiegandCard)
  /// A frame whose length no known format has, where raw frames are taken: bits, and their value in upper-case
  /// hexadecimal with the first bit highest.
  case raw(bits: Int, hexadecimal: String)
  case damaged(WiegandDamage)

  /// `card:H10301/123/45678` or `card:raw/32/DEADBEEF`; nil for a damaged frame.
  public var credential: String? {
    switch self {
    case .card(let card): "card:" + card.text
    case .raw(let bits, let hexadecimal): "card:raw/\(bits)/\(hexadecimal)"
    case .damaged: nil
    }
  }
}

/// Why a frame counts for nothing. It is logged as a denial; no part of it is ever matched.
public enum WiegandDamage: Sendable, Equatable, CustomStringConvertible {
  /// No format in use has so many bits.
  case length(bits: Int)
  /// The length is right and a parity is not.
  case parity(bits: Int)
  /// The kernel or a full queue lost edges.
  case lostEdges(bits: Int)
  /// Both lines fell at once, or one right after the other: their order tells nothing.
  case crosstalk(bits: Int)
  /// The pauses within the frame are such as a lost or added edge makes them, and a format that is a little longer or
  /// shorter is in use as well.
  case uneven(bits: Int)
  case tooLong
  /// More than one format in use fits, and they read different cards.
  case ambiguous([WiegandCard])

  public var description: String {
    switch self {
    case .length(let bits): "a frame of \(bits) bits, which no format of this reader has"
    case .parity(let bits): "a frame of \(bits) bits with wrong parity"
    case .lostEdges(let bits): "edges were lost in a frame of \(bits) bits"
    case .crosstalk(let bits):
      "both data lines fell together in a frame of \(bits) bits; check the wiring and ground"
    case .uneven(let bits): "a frame of \(bits) bits at an uneven pace, which may be one of another format"
    case .tooLong: "a frame of more than \(GPIOLimits.bitsOfFrame) bits"
    case .ambiguous(let cards):
      "a frame that reads as \(cards.map(\.text).joined(separator: " or ")); name only one of these formats"
    }
  }
}
