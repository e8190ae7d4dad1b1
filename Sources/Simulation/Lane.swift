public import ControlCore

/// A car and what its driver means to do.
public struct Vehicle: Sendable, Equatable {
  public enum Intent: Sendable, Equatable {
    case pass
    /// Waits for so long, then backs out: the grant is not used.
    case turnBack(after: Interval)
    /// Drives in behind another without waiting for the arm to stop: it comes under a closing arm.
    case rush
  }

  public var plate: String
  public var intent: Intent
  /// Metres in a second.
  public var speed: Double
  /// In metres.
  public var length: Double
  /// What the camera will say of itself, 0 to 1.
  public var confidence: Double

  public init(
    plate: String, intent: Intent = .pass, speed: Double = 3, length: Double = 4.4, confidence: Double = 0.96
  ) {
    self.plate = plate
    self.intent = intent
    self.speed = speed
    self.length = length
    self.confidence = confidence
  }
}

/// The lane through a barrier or gate, in metres: the arm stands at 0, the camera reads at -4, the approach loop
/// lies from -6 to -2, the loop under the arm from -1 to 3, the interrupt loop from 1 to 3, the shadow loop from -0.5 to
/// 0.5, the light beam at 0.
public struct Lane: Sendable {
  struct Driver: Sendable {
    var vehicle: Vehicle
    /// The front bumper.
    var front = -9.0
    var waited = Interval.zero
    var wasSeen = false
    var isBacking = false
  }

  private static let stopLine = -1.5
  private static let cameraLine = -4.0
  private static let end = 3.5
  /// How long a driver waits at the line before going home.
  private static let patience = Interval.seconds(10)

  private(set) var drivers: [Driver] = []
  /// Cars that went through, and cars that backed out.
  public private(set) var passed = 0
  public private(set) var turnedBack = 0
  /// Times that the arm came down on a car.
  public private(set) var struck = 0
  private var isTouching = false

  public var isEmpty: Bool { drivers.isEmpty }
  /// The plates in the lane, the first in front.
  public var plates: [String] { drivers.map(\.vehicle.plate) }
  public var vehicles: [Vehicle] { drivers.map(\.vehicle) }
  /// Where the bumpers are, in metres from the arm.
  public var fronts: [Double] { drivers.map(\.front) }

  mutating func arrive(_ vehicle: Vehicle, front: Double) {
    drivers.append(Driver(vehicle: vehicle, front: front))
  }

  func covers(_ low: Double, _ high: Double) -> Bool {
    drivers.contains { $0.front >= low && $0.front - $0.vehicle.length <= high }
  }

  public var onApproach: Bool { covers(-6, -2) }
  public var onLoop: Bool { covers(-1, 3) }
  public var onInterruptLoop: Bool { covers(1, 3) }
  public var underArm: Bool { covers(-0.5, 0.5) }
  public var inBeam: Bool { covers(0, 0) }

  /// Everybody drives on as far as the arm and the car in front allow; gives back the cars that came into the
  /// camera's sight.
  mutating func step(drive: Drive, by interval: Interval) -> [Vehicle] {
    var seen: [Vehicle] = []
    let seconds = Double(interval.nanoseconds) / 1e9
    var limit = Double.infinity
    for place in drivers.indices {
      advance(place, drive, seconds, interval, behind: limit)
      limit = drivers[place].front - drivers[place].vehicle.length - 1
      if !drivers[place].wasSeen && drivers[place].front >= Self.cameraLine {
        drivers[place].wasSeen = true
        seen.append(drivers[place].vehicle)
      }
    }
    leave()
    let touches = inBeam && drive.direction < 0 && drive.position < 0.3
    if touches && !isTouching { struck += 1 }
    isTouching = touches
    return seen
  }

  private mutating func advance(
    _ place: Int, _ drive: Drive, _ seconds: Double, _ interval: Interval, behind limit: Double
  ) {
    var driver = drivers[place]
    defer { drivers[place] = driver }
    if driver.isBacking {
      driver.front -= driver.vehicle.speed * seconds
      return
    }
    var next = min(driver.front + driver.vehicle.speed * seconds, limit)
    let mayGo = driver.vehicle.intent == .rush ? drive.position > 0.8 : drive.isOpen
    // A driver who turns back has come to the wrong house, and sees it only at the stop line.
    var turns = false
    if case .turnBack(let patience) = driver.vehicle.intent {
      turns = true
      if driver.front >= Self.stopLine - 0.1, driver.waited >= patience { driver.isBacking = true }
    }
    if driver.front <= Self.stopLine && next > Self.stopLine && (turns || !mayGo) {
      next = Self.stopLine
      driver.waited = driver.waited + interval
      if driver.waited >= Self.patience { driver.isBacking = true }
    }
    driver.front = max(driver.front, next)
  }

  private mutating func leave() {
    drivers.removeAll { driver in
      if driver.front - driver.vehicle.length > Self.end {
        passed += 1
        return true
      }
      if driver.isBacking && driver.front < -9 {
        turnedBack += 1
        return true
      }
      return false
    }
  }

  /// A tired driver who is not let in goes home: backs out everybody who still waits at the line.
  mutating func giveUp() {
    for place in drivers.indices where drivers[place].front <= Self.stopLine {
      drivers[place].isBacking = true
    }
  }
}
