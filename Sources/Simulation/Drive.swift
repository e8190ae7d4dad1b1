import ControlCore

/// A motor with its arm or leaf: position 0 is closed, 1 is open.
///
/// With pulses the operator's own electronics keep on moving until a limit, the other pulse or a stop; held drives move
/// while their output is on. Both outputs at once stop the motor, as the contactors' lock does.
public struct Drive: Sendable {
  public enum Trouble: Sendable, Equatable {
    case none
    /// Nothing moves, whatever is commanded.
    case jammed
    /// The opening relay has welded: the motor runs open whatever is commanded.
    case weldedOpen
  }

  private let style: DriveStyle
  /// The whole way in nanoseconds: a little faster than the site file says, as motors are.
  private let wholeWay: Double
  public private(set) var position: Double
  /// +1 opening, -1 closing, 0 at rest.
  public private(set) var direction = 0
  public var trouble = Trouble.none
  /// A step drive opened last; the next pulse but one closes.
  private var opensNext = false
  private var openedBefore = false
  private var closedBefore = false

  init(style: DriveStyle, travel: Interval, position: Double = 0) {
    self.style = style
    self.position = position
    wholeWay = Double(max(1, travel.nanoseconds)) * 0.8
  }

  public var isOpen: Bool { position >= 0.98 }
  public var isClosed: Bool { position <= 0.02 }
  public var isMoving: Bool { direction != 0 }

  /// Somebody lifts or pushes it by hand.
  public mutating func moveByHand(to position: Double) {
    self.position = min(1, max(0, position))
    direction = 0
  }

  mutating func step(open: Bool, close: Bool, stop: Bool, by interval: Interval) {
    command(open: open, close: close, stop: stop)
    if trouble == .jammed { direction = 0 }
    if trouble == .weldedOpen { direction = 1 }
    position += Double(direction) * Double(interval.nanoseconds) / wholeWay
    if position >= 1 || position <= 0 {
      position = min(1, max(0, position))
      direction = 0
    }
  }

  /// Open, stop, close, stop.
  private mutating func pulse() {
    if direction != 0 {
      direction = 0
    } else {
      opensNext = position <= 0 || (position < 1 && !opensNext)
      direction = opensNext ? 1 : -1
    }
  }

  private mutating func command(open: Bool, close: Bool, stop: Bool) {
    defer { (openedBefore, closedBefore) = (open, close) }
    if stop || (open && close && style != .step) {
      direction = 0
      return
    }
    switch style {
    case .held: direction = open ? 1 : close ? -1 : 0
    case .pulse:
      if open && !openedBefore { direction = 1 }
      if close && !closedBefore { direction = -1 }
    case .step:
      if open && !openedBefore { pulse() }
    }
  }
}
