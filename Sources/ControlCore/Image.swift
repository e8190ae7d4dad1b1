/// How far a bit in an image can be believed.
public enum Quality: UInt8, Sendable {
  /// Never read since the start.
  case unknown
  /// Read, and recent enough.
  case good
  /// The line, unit, bus or chip behind it is silent or wrong, or the value is too old.
  case bad
  /// A supervised line says that its wire is open: cut, pulled off, or its end-of-line resistor gone.
  case cut
  /// A supervised line says that its two wires touch.
  case short

  @_noLocks public static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  /// Whether the wire itself reports a fault; a person may have had a hand in it.
  public var isTampered: Bool { @_noLocks get { self == .cut || self == .short } }
}

/// What the field says, once a scan: logical levels (wiring's `active_low` already undone) and their quality.
public struct InputImage: Sendable {
  public var level = InlineArray<512, Bool>(repeating: false)
  public var quality = InlineArray<512, Quality>(repeating: .unknown)

  @_noLocks public init() {}

  public mutating func set(_ input: InputIndex, _ value: Bool, quality: Quality = .good) {
    self.level[input.position] = value
    self.quality[input.position] = quality
  }
}

/// What the field is told, once a scan: logical levels (wiring's `active_low` not yet applied).
public struct OutputImage: Sendable {
  public var level = InlineArray<512, Bool>(repeating: false)

  @_noLocks public init() {}

  public subscript(output: OutputIndex) -> Bool {
    get { level[output.position] }
    set { level[output.position] = newValue }
  }
}
