public import ControlCore

/// A bus as a display shows it.
public struct ModbusBusStatus: Sendable, Equatable {
  public enum State: String, Sendable {
    /// Every unit answers.
    case good
    /// Some do.
    case partial
    /// The link is not open, or no unit answers.
    case down
  }

  public struct Unit: Sendable, Equatable {
    public enum State: String, Sendable {
      case unknown
      case good
      case quarantined
    }

    public enum Watchdog: Sendable, Equatable {
      case none
      case unconfirmed
      case confirmed
      case refused(String)
    }

    public var unit: Int
    public var state: State
    /// Answered requests, and failed ones.
    public var polls: UInt64
    public var errors: UInt64
    public var lastError: String?
    /// Until a quarantined unit is tried again.
    public var retryIn: Interval?
    public var watchdog: Watchdog
  }

  public var name: String
  public var link: String
  public var state: State
  /// Why the link is not open.
  public var linkError: String?
  /// Times the link was opened.
  public var connects: UInt64
  public var units: [Unit]
}
