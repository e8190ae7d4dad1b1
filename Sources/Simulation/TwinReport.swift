public import ControlCore

/// What became of one run of the twin.
public struct TwinReport: Sendable, Equatable {
  public var seed: UInt64
  /// Virtual time played.
  public var length: Interval
  /// Events that the controller told.
  public var events: Int
  /// Faults that were played.
  public var faults: Int
  /// Promises that the oracle saw broken.
  public var violations: Int
  /// The first of them in words.
  public var details: [String]
  /// The same for the same seed, site and program; sixteen hexadecimal digits.
  public var traceHash: String
}
