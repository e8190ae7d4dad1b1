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
  /// The motor runs by itself, +1 open, -1 close, whatever is commanded; 0: no more.
  case runs(Int)
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
  private var runs = 0
  /// A step drive's operator: what a pulse does while it closes, and which way it went last.
  private let answer: StepAnswer
  private var wasPulsed = false
  private var opensNext = true
  /// Times that a step drive began to close.
  private(set) var closings = 0
  var isMoving: Bool { direction != 0 && !jammed }

  init(
    open: Int, close: Int, stop: Int? = nil, openLimit: Int, closedLimit: Int, travel: Int, style: DriveStyle,
    answer: StepAnswer = .stops
  ) {
    self.open = open
    self.close = close
    self.stop = stop
    self.openLimit = openLimit
    self.closedLimit = closedLimit
    self.travel = travel
    self.style = style
    self.answer = answer
  }

  func move(_ rig: Rig, for milliseconds: Int = 1) {
    if style == .held { direction = 0 }
    if style == .step {
      if rig[open] && !wasPulsed { pulse() }
      wasPulsed = rig[open]
    } else {
      if rig[open] { direction = 1 }
      if rig[close] { direction = -1 }
    }
    if let stop, rig[stop] { direction = 0 }
    if runs != 0 { direction = runs }
    if !jammed { position = min(max(position + direction * milliseconds, 0), travel) }
    if style == .step && (position == 0 && direction < 0 || position == travel && direction > 0) {
      direction = 0
    }
    rig.set(openLimit, openStuck ?? (position == travel), openLost ? .bad : .good)
    rig.set(closedLimit, closedStuck ?? (position == 0))
  }

  private func pulse() {
    if direction > 0 {
      direction = 0
      opensNext = false
    } else if direction < 0 {
      if answer == .ignored { return }
      direction = answer == .opens ? 1 : 0
      opensNext = true
    } else {
      direction = position == 0 || (position < travel && opensNext) ? 1 : -1
      if direction < 0 { closings += 1 }
    }
  }

  func suffer(_ mischief: Mischief) {
    switch mischief {
    case .jam(let on): jammed = on
    case .put(let place): position = place
    case .openLimitStuck(let level): openStuck = level
    case .closedLimitStuck(let level): closedStuck = level
    case .openLimitLost(let lost): openLost = lost
    case .runs(let way):
      runs = way
      direction = 0
    }
  }
}
