/// Turns edges of D0 and D1 into swipes.
///
/// Edges may come late and out of order; a frame is put in the order of their time stamps once the lines have been quiet
/// for the frame gap. A frame is a card only if it is whole and exactly one card fits it.
public struct WiegandDecoder: Sendable {
  public struct Setting: Sendable, Equatable {
    /// A frame as long as one of these must be a card of one of these.
    public var formats: [WiegandFormat]
    /// A frame of any other length is taken as it is, unchecked.
    public var takesRaw: Bool
    /// Quiet that ends a frame, in nanoseconds; readers leave 0.2 to 20 ms between bits.
    public var frameGap: UInt64
    /// A second fall of the same line within so many nanoseconds is a bounce of its pulse; one of the other line is
    /// crosstalk.
    public var bounce: UInt64

    public init(
      formats: [WiegandFormat], takesRaw: Bool = false, frameGap: UInt64 = 25_000_000,
      bounce: UInt64 = 100_000
    ) {
      self.formats = formats
      self.takesRaw = takesRaw
      self.frameGap = frameGap
      self.bounce = bounce
    }
  }

  private let setting: Setting
  private var edges: [Edge] = []
  /// The time stamp of the newest edge.
  private var newest: UInt64 = 0
  private var overflowed = false
  /// Bounces taken out of frames so far.
  public private(set) var bounces = 0

  public init(_ setting: Setting) {
    self.setting = setting
    edges.reserveCapacity(Self.edgesOfFrame)
  }

  /// Twice the bits: every pulse may bounce once.
  private static let edgesOfFrame = GPIOLimits.bitsOfFrame * 2

  /// Takes a falling edge: line 0 is D0, line 1 is D1. A frame that this edge shows to be over is returned.
  public mutating func take(_ edge: Edge) -> WiegandResult? {
    precondition(edge.line < 2, "a reader has two data lines")
    var finished: WiegandResult?
    if !edges.isEmpty, edge.at > newest, edge.at - newest >= setting.frameGap { finished = finish() }
    if edges.count < Self.edgesOfFrame { edges.append(edge) } else { overflowed = true }
    newest = max(newest, edge.at)
    return finished
  }

  /// The frame that quiet has ended by now, nanoseconds of CLOCK_MONOTONIC.
  public mutating func expire(now: UInt64) -> WiegandResult? {
    guard let expiry, now >= expiry else { return nil }
    return finish()
  }

  /// When to ask again; nil while no frame is open.
  public var expiry: UInt64? { edges.isEmpty ? nil : newest &+ setting.frameGap }

  private mutating func finish() -> WiegandResult {
    edges.sort { $0.at < $1.at }
    defer {
      edges.removeAll(keepingCapacity: true)
      overflowed = false
      newest = 0
    }
    var frame: [Bool] = []
    var gaps: [UInt64] = []
    var last: Edge?
    var crosstalk = false
    var lost = false
    for edge in edges {
      lost = lost || edge.lost
      if let last, edge.at - last.at < setting.bounce {
        if edge.line == last.line { bounces += 1 } else { crosstalk = true }
        if edge.line == last.line { continue }
      }
      frame.append(edge.line == 1)
      if let last { gaps.append(edge.at - last.at) }
      last = edge
    }
    if lost { return .damaged(.lostEdges(bits: frame.count)) }
    if overflowed || frame.count > GPIOLimits.bitsOfFrame { return .damaged(.tooLong) }
    if crosstalk { return .damaged(.crosstalk(bits: frame.count)) }
    let result = setting.read(frame)
    if result.credential != nil, hasNeighbours(frame.count), Self.isUneven(&gaps) {
      return .damaged(.uneven(bits: frame.count))
    }
    return result
  }

  /// Whether a format in use that is a few bits longer or shorter could pass for this frame by edges that were lost or
  /// added: then parity alone cannot be trusted.
  private func hasNeighbours(_ bits: Int) -> Bool {
    setting.formats.contains { $0.bits != bits && abs($0.bits - bits) <= Self.neighbourhood }
  }

  private static let neighbourhood = 3

  /// Readers send their bits at an even pace: a pause far longer or shorter than the usual one is the place of an edge
  /// that was lost or added.
  private static func isUneven(_ gaps: inout [UInt64]) -> Bool {
    gaps.sort()
    guard let shortest = gaps.first, let longest = gaps.last else { return false }
    let usual = gaps[gaps.count / 2]
    return longest > usual * 8 / 5 || shortest < usual * 5 / 8
  }
}

extension WiegandDecoder.Setting {
  /// The formats of a site file: names of ``WiegandFormat/known``, and `raw`; with no name at all every frame is raw.
  /// Nil where a name is unknown.
  public init?(names: [String], frameGap: UInt64 = 25_000_000) {
    var formats: [WiegandFormat] = []
    for name in names where name != "raw" {
      guard let format = WiegandFormat.named(name) else { return nil }
      formats.append(format)
    }
    self.init(formats: formats, takesRaw: names.contains("raw") || names.isEmpty, frameGap: frameGap)
  }

  /// A frame that somebody else received: so many bits, their value in hexadecimal with the first bit highest. Nil where
  /// that is no such frame.
  public func read(bits: Int, hexadecimal: String) -> WiegandResult? {
    guard (1...GPIOLimits.bitsOfFrame).contains(bits), hexadecimal.utf8.count == (bits + 3) / 4 else {
      return nil
    }
    var frame: [Bool] = []
    for digit in hexadecimal {
      guard let value = digit.hexDigitValue else { return nil }
      for place in [3, 2, 1, 0] { frame.append(value >> place & 1 != 0) }
    }
    let spare = frame.count - bits
    return frame[..<spare].contains(true) ? nil : read(Array(frame[spare...]))
  }

  func read(_ frame: [Bool]) -> WiegandResult {
    let candidates = formats.filter { $0.bits == frame.count }
    if candidates.isEmpty {
      guard takesRaw, frame.count >= 4 else { return .damaged(.length(bits: frame.count)) }
      let digits = String(WiegandFormat.value(of: frame[...]), radix: 16, uppercase: true)
      let zeros = (frame.count + 3) / 4 - digits.count
      return .raw(bits: frame.count, hexadecimal: String(repeating: "0", count: zeros) + digits)
    }
    let cards = candidates.compactMap { $0.card(in: frame) }
    if cards.isEmpty { return .damaged(.parity(bits: frame.count)) }
    return cards.count == 1 ? .card(cards[0]) : .damaged(.ambiguous(cards))
  }
}
