public import ControlCore

/// A turnstile with its own board: a pulse releases it for one turn, the rotor's sensor tells each turn.
public struct TurnstilePlant: Sendable {
  private struct Rider: Sendable {
    var person: Person
    var side: Side
  }

  /// How long the board keeps a release that nobody uses, how long a turn takes, and how long the sensor is on.
  private static var boardTime: Interval { .seconds(5) }
  private static var turnTime: Interval { .milliseconds(900) }
  private static var sensorTime: Interval { .milliseconds(250) }

  let setting: TurnstileSetting
  /// People who went through each way, and who found it locked.
  public private(set) var passedIn = 0
  public private(set) var passedOut = 0
  public private(set) var turnedAway = 0
  /// Times it was turned by force.
  public private(set) var forced = 0
  public private(set) var isFree = false
  /// The way that is released.
  public private(set) var released: Side?
  public var isTampered = false
  private var releasedFor = Interval.zero
  private var wasOn: (in: Bool, out: Bool) = (false, false)
  private var waiting: [Rider] = []
  private var time = Interval.zero
  private var turning: Side?
  private var sensed: (side: Side, left: Interval)?
  private var button = Interval.zero

  init(_ setting: TurnstileSetting) {
    self.setting = setting
  }

  public var isQuiet: Bool {
    waiting.isEmpty && turning == nil && sensed == nil && button == .zero && !isTampered
  }
  public var exitPressed: Bool { button > .zero }
  public var isTurning: Bool { turning != nil }

  func senses(_ side: Side) -> Bool { sensed?.side == side }

  mutating func visit(_ person: Person, side: Side) {
    waiting.append(Rider(person: person, side: person.intent == .leave ? .out : side))
    if person.intent == .leave { button = .milliseconds(500) }
  }

  mutating func step(_ outputs: [Bool], by interval: Interval) {
    follow(outputs, interval)
    button = Self.less(button, interval)
    if let (side, left) = sensed {
      let rest = Self.less(left, interval)
      sensed = rest == .zero ? nil : (side, rest)
    }
    guard let rider = waiting.first else { return }
    time = time + interval
    if let side = turning {
      if time >= Self.turnTime { end(side) }
    } else if time >= rider.person.reaction {
      push(rider)
    }
  }

  private static func less(_ time: Interval, _ by: Interval) -> Interval {
    time > by ? Interval(nanoseconds: time.nanoseconds - by.nanoseconds) : .zero
  }

  /// What the board makes of its wires.
  private mutating func follow(_ outputs: [Bool], _ interval: Interval) {
    let on = (
      in: setting.releaseIn.map { outputs[$0.position] } ?? false,
      out: setting.releaseOut.map { outputs[$0.position] } ?? false
    )
    isFree = setting.free.map { outputs[$0.position] == (setting.fail == .secure) } ?? (on.in && on.out)
    releasedFor = releasedFor + interval
    if setting.style == .held {
      released = on.in ? .in : on.out ? .out : nil
    } else {
      if on.in && !wasOn.in { (released, releasedFor) = (.in, .zero) }
      if on.out && !wasOn.out { (released, releasedFor) = (.out, .zero) }
      if releasedFor >= Self.boardTime && turning == nil { released = nil }
    }
    wasOn = on
  }

  private mutating func push(_ rider: Rider) {
    let gives = isFree || released == rider.side
    if gives || rider.person.intent == .force {
      if !gives { forced += 1 }
      turning = rider.side
      time = .zero
    } else if time >= rider.person.reaction + rider.person.patience {
      turnedAway += 1
      next()
    }
  }

  private mutating func end(_ side: Side) {
    if side == .in { passedIn += 1 } else { passedOut += 1 }
    turning = nil
    released = nil
    sensed = (side, Self.sensorTime)
    next()
  }

  private mutating func next() {
    waiting.removeFirst()
    time = .zero
  }
}
