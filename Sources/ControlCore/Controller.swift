/// The scan: input image, commands and the instant go in; output image and events come out.
///
/// A value with fixed capacity that knows no clock, does no I/O and allocates nothing after `init`: `step` carries
/// `@_noLocks`, so that the compiler refuses an allocation, a lock or a C call anywhere below it.
public struct Controller: ~Copyable {
  private var setting: ControllerSetting

  /// Checks the limits and the indices of `setting`; a breach traps, since the site file was checked before.
  public init(setting: ControllerSetting) {
    precondition(setting.inputs.count <= Limits.inputs, "too many inputs")
    precondition(setting.outputs.count <= Limits.outputs, "too many outputs")
    precondition(setting.points.count <= Limits.points, "too many points")
    self.setting = setting
  }

  /// One scan. `commands` are taken in order; `outputs` is written whole; `events` is emptied first.
  public mutating func step(
    _ inputs: InputImage, commands: Span<Command>, now: Instant, outputs: inout OutputImage,
    events: inout EventBuffer
  ) {
    events.removeAll()
  }

  /// The state of a point after the last step.
  public func status(of point: PointIndex) -> PointStatus {
    PointStatus()
  }

  /// Whether the plan holds, and whether as a drill.
  public func emergency(_ plan: PlanIndex) -> (active: Bool, drill: Bool) {
    (false, false)
  }

  public var inMaintenance: Bool { false }

  /// The debounced level and quality of an input, as the machines see it.
  public func sensed(_ input: InputIndex) -> (level: Bool, quality: Quality) {
    (false, .unknown)
  }
}
