/// How long to wait before the next try: longer each time, and never the same for all gateways of an estate.
public struct Backoff: Sendable {
  /// Milliseconds.
  public let first: UInt64
  public let longest: UInt64
  private var ceiling: UInt64

  public init(first: UInt64 = 500, longest: UInt64 = 60_000) {
    precondition(first > 0 && longest >= first)
    self.first = first
    self.longest = longest
    ceiling = first
  }

  /// From half the present ceiling to all of it; the ceiling then doubles.
  public mutating func next(using generator: inout some RandomNumberGenerator) -> UInt64 {
    defer { ceiling = min(longest, ceiling * 2) }
    return UInt64.random(in: max(1, ceiling / 2)...ceiling, using: &generator)
  }

  /// It worked: the next wait is short again.
  public mutating func reset() {
    ceiling = first
  }
}
