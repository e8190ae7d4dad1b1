import ControlCore

/// A barrier or gate in the world: the motor, the lane through it, and the switches on both.
public struct LanePlant: Sendable {
  public internal(set) var drive: Drive
  public internal(set) var lane = Lane()
  /// Somebody presses the safety edge, or the emergency stop.
  public internal(set) var edgePressed = false
  public internal(set) var stopPressed = false

  public var isQuiet: Bool { lane.isEmpty && !drive.isMoving && !edgePressed && !stopPressed }

  mutating func step(open: Bool, close: Bool, stop: Bool, by interval: Interval) -> [Vehicle] {
    drive.step(open: open, close: close, stop: stop || stopPressed, by: interval)
    return lane.step(drive: drive, by: interval)
  }
}
