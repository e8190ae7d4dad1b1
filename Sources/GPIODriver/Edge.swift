/// One edge of a line that is listened to.
public struct Edge: BitwiseCopyable, Sendable, Equatable {
  /// Place of the line in the list that ``EdgeSource`` was opened with.
  public var line: UInt8
  /// Physical: false is a fall to the low level.
  public var rising: Bool
  /// Edges may be missing beside this one: a queue was full or a sequence number was skipped.
  public var lost: Bool
  /// Nanoseconds of CLOCK_MONOTONIC, taken in the interrupt.
  public var at: UInt64

  public init(line: UInt8, at: UInt64, rising: Bool = false, lost: Bool = false) {
    self.line = line
    self.at = at
    self.rising = rising
    self.lost = lost
  }
}
