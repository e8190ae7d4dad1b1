public import ControlCore

/// The controller after a scan: plain data, copied out whole.
public struct ScanSnapshot: Sendable {
  public var at = Instant.zero
  public var inputs = InputImage()
  public var outputs = OutputImage()
  /// The levels as the machines see them: debounced.
  public var sensedLevel = InlineArray<512, Bool>(repeating: false)
  public var sensedQuality = InlineArray<512, Quality>(repeating: .unknown)
  public var points = InlineArray<64, PointStatus>(repeating: PointStatus())
  public var plans = InlineArray<16, PlanStatus>(repeating: PlanStatus())
  public var wear = InlineArray<64, PointWear>(repeating: PointWear())
  /// How often each output was switched on.
  public var operations = InlineArray<512, UInt32>(repeating: 0)
  public var inMaintenance = false

  public init() {}
}
