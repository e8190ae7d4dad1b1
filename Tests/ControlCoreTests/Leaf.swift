import ControlCore

/// What may happen to a motor and its limits.
enum Mischief: Sendable {
  /// The motor does not move, or moves again.
  case jam(Bool)
  /// A hand puts the leaf at a place from 0, closed, to the travel, open.
  case put(Int)
  case openLimitStuck(Bool?)
  case closedLimitStuck(Bool?)
  case openLimitLost(Bool)
}

/// An arm or leaf with its limits: moves one place in a millisecond.
final class Leaf {
  let open: Int
  let close: Int
  let stop: Int?
  let openLimit: Int
  let closedLimit: Int
  let travel: Int
  let style: DriveStyle
  private(set) var position = 0
  private var direction = 0
  private var jammed = false
  private var openStuck: Bool?
  private var closedStuck: Bool?
  private var openLost = false

  init(
    open: Int, close: Int, stop: Int? = nil, openLimit: Int, closedLimit: Int, travel: Int, style: DriveStyle
  ) {
    self.open = open
    self.close = close
    self.stop = stop
    self.openLimit = openLimit
    self.closedLimit = closedLimit
    self.travel = travel
    self.style = style
  }

  func move(_ rig: Rig, for milliseconds: Int = 1) {
    if style == .held { direction = 0 }
    if rig[open] { direction = 1 }
    if rig[close] { direction = -1 }
    if let stop, rig[stop] { direction = 0 }
    if !jammed { position = min(max(position + direction * milliseconds, 0), travel) }
    rig.set(openLimit, openStuck ?? (position == travel), openLost ? .bad : .good)
    rig.set(closedLimit, closedStuck ?? (position == 0))
  }

  func suffer(_ mischief: Mischief) {
    switch mischief {
    case .jam(let on): jammed = on
    case .put(let place): position = place
    case .openLimitStuck(let level): openStuck = level
    case .closedLimitStuck(let level): closedStuck = level
    case .openLimitLost(let lost): openLost = lost
    }
  }
}
