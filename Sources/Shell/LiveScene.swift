/// What the live view draws: plain values, so that a test can draw any moment.
public struct LiveScene: Sendable, Equatable {
  public struct Car: Sendable, Equatable {
    public var plate: String
    /// Metres from the arm; negative before it.
    public var front: Double
    public var length: Double

    public init(plate: String, front: Double, length: Double) {
      self.plate = plate
      self.front = front
      self.length = length
    }
  }

  public struct Lane: Sendable, Equatable {
    public var name: String
    public var state: String
    /// 0 closed, 1 open.
    public var position: Double
    public var cars: [Car]
    public var approachCovered: Bool
    public var loopCovered: Bool
    public var isGate: Bool

    public init(
      name: String, state: String, position: Double, cars: [Car], approachCovered: Bool, loopCovered: Bool,
      isGate: Bool
    ) {
      self.name = name
      self.state = state
      self.position = position
      self.cars = cars
      self.approachCovered = approachCovered
      self.loopCovered = loopCovered
      self.isGate = isGate
    }
  }

  public struct Door: Sendable, Equatable {
    public var name: String
    public var state: String
    public var isOpen: Bool
    public var isUnlocked: Bool

    public init(name: String, state: String, isOpen: Bool, isUnlocked: Bool) {
      self.name = name
      self.state = state
      self.isOpen = isOpen
      self.isUnlocked = isUnlocked
    }
  }

  public var title = ""
  public var clock = ""
  /// What is shown now, in the demo's words.
  public var banner = ""
  public var lanes: [Lane] = []
  public var doors: [Door] = []
  /// The newest records, as one line each; the newest last.
  public var decisions: [String] = []
  public var footer = ""

  public init() {}
}
