public import ControlCore

/// A person at a door and what they mean to do.
public struct Person: Sendable, Equatable {
  public enum Intent: Sendable, Equatable {
    /// Tries the handle until it gives, goes through and lets the door fall shut.
    case pass
    /// Presses the exit button first.
    case leave
    /// Breaks the door open.
    case force
  }

  public var intent: Intent
  /// From the badge to the hand on the handle.
  public var reaction: Interval
  /// How long the door is held open.
  public var holds: Interval
  /// How long the handle is tried before the person goes away.
  public var patience: Interval

  public init(
    intent: Intent = .pass, reaction: Interval = .milliseconds(600), holds: Interval = .milliseconds(1_200),
    patience: Interval = .seconds(4)
  ) {
    self.intent = intent
    self.reaction = reaction
    self.holds = holds
    self.patience = patience
  }
}

/// A door with its lock, contact and exit button, and one person at a time who uses it.
public struct DoorPlant: Sendable {
  private enum Act: Sendable {
    case comes, tries, stands
  }

  let setting: DoorSetting
  public private(set) var isOpen = false
  public private(set) var isUnlocked = false
  /// People who went through, and who found it locked.
  public private(set) var passed = 0
  public private(set) var turnedAway = 0
  /// Times it was broken open.
  public private(set) var forced = 0
  public var isTampered = false
  /// Something lies between the magnet and its armature.
  public var isLoose = false
  private var waiting: [Person] = []
  private var act = Act.comes
  private var time = Interval.zero
  private var button = Interval.zero

  init(_ setting: DoorSetting) {
    self.setting = setting
  }

  public var isQuiet: Bool { waiting.isEmpty && !isOpen && button == .zero && !isTampered }
  public var exitPressed: Bool { button > .zero }
  /// The second leaf, where there is one: opened by who carries something through.
  public var isPassiveOpen: Bool { isOpen && setting.passiveContact != nil && passed.isMultiple(of: 3) }
  /// What the magnet's bond says.
  public var isHeld: Bool { !isUnlocked && !isOpen && !isLoose }

  mutating func visit(_ person: Person) {
    waiting.append(person)
    if person.intent == .leave { button = .milliseconds(500) }
  }

  mutating func step(lock energised: Bool, by interval: Interval) {
    isUnlocked = energised == (setting.fail == .secure)
    button = button > interval ? Interval(nanoseconds: button.nanoseconds - interval.nanoseconds) : .zero
    guard let person = waiting.first else { return }
    time = time + interval
    switch act {
    case .comes where time >= person.reaction: turn(.tries)
    case .tries: tryHandle(person)
    case .stands where time >= person.holds:
      isOpen = false
      waiting.removeFirst()
      turn(.comes)
    default: break
    }
  }

  private mutating func tryHandle(_ person: Person) {
    if isUnlocked || person.intent == .force {
      if !isUnlocked { forced += 1 }
      isOpen = true
      passed += 1
      turn(.stands)
    } else if time >= person.patience {
      turnedAway += 1
      waiting.removeFirst()
      turn(.comes)
    }
  }

  private mutating func turn(_ next: Act) {
    act = next
    time = .zero
  }
}
