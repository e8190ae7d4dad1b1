import ControlCore

/// What goes wrong in the twin, how often on average, and for how long.
///
/// Every fault that the twin knows stands here:
///
/// - `sensorLost`: one input's wire is off; its quality is bad, its level frozen.
/// - `busSilent`: all inputs are bad at once, as when a bus dies.
/// - `noise`: one input shows a wrong level for a moment, with good quality.
/// - `jammed`: an arm or leaf does not move, whatever is commanded.
/// - `welded`: a motor runs open without a command.
/// - `movedByHand`: somebody lifts an arm.
/// - `edgePressed`, `stopPressed`: a gate's safety edge meets something; its emergency stop is pressed.
/// - `doorForced`, `tampered`: at doors and turnstiles.
/// - `loose`: a magnet does not hold its armature.
/// - `controllerKilled`: the controller dies and starts anew, empty; the guard makes the outputs safe.
/// - `fire`, `lockdown`: plans start, by input and by order; plans that release nothing (a power failure) count as
///   `lockdown`.
/// - `staleCommand`: an order that has expired, as after a reconnect.
/// - `wildOrder`: an operator opens, closes or takes out of service at any moment.
/// - `maintenance`: the technician's mode for a while.
/// - `clockJump`: the wall clock leaps; the monotonic clock does not.
public struct FaultPlan: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    case sensorLost, busSilent, noise, jammed, welded, movedByHand, edgePressed, stopPressed, doorForced,
      tampered, loose
    case controllerKilled, fire, lockdown, staleCommand, wildOrder, maintenance, clockJump
  }

  /// The mean time between two faults of a kind, in seconds; a kind that is not named does not happen.
  public var everySeconds: [Kind: UInt64]

  public init(everySeconds: [Kind: UInt64]) {
    self.everySeconds = everySeconds
  }

  /// Much more than any site ever sees.
  public static let harsh = FaultPlan(everySeconds: [
    .sensorLost: 400, .busSilent: 1_800, .noise: 300, .jammed: 1_500, .welded: 3_000, .movedByHand: 2_000,
    .edgePressed: 900, .stopPressed: 2_500, .doorForced: 1_200, .tampered: 2_400, .loose: 1_500,
    .controllerKilled: 1_800,
    .fire: 2_700, .lockdown: 2_700, .staleCommand: 600, .wildOrder: 400, .maintenance: 3_600,
    .clockJump: 3_600,
  ])

  /// Traffic and nothing else.
  public static let calm = FaultPlan(everySeconds: [:])

  /// How long a fault of a kind lasts.
  static func duration(_ kind: Kind, _ random: inout SeededRandom) -> Interval {
    switch kind {
    case .sensorLost: random.seconds(1, 40)
    case .busSilent: random.seconds(1, 20)
    case .noise: .milliseconds(10 + random.next() % 90)
    case .jammed, .welded: random.seconds(3, 60)
    case .edgePressed: random.seconds(1, 4)
    case .stopPressed: random.seconds(2, 20)
    case .tampered, .loose: random.seconds(2, 30)
    case .controllerKilled: .milliseconds(60 + random.next() % 2_000)
    case .fire: random.seconds(1, 60)
    case .maintenance: random.seconds(10, 60)
    case .movedByHand, .doorForced, .lockdown, .staleCommand, .wildOrder, .clockJump: .zero
    }
  }
}
