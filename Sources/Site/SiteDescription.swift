public import AccessPolicy
public import ControlCore

/// The site file, checked and resolved: every name is a place, every device a wire.
public struct SiteDescription: Sendable {
  public var gateway: GatewayDescription
  public var loop: LoopDescription
  /// What the scan is told. Positions match ``inputNames``, ``outputNames``, ``pointNames``, ``planNames``.
  public var control: ControllerSetting
  /// What the decision is told.
  public var policy: PolicySetting
  /// What schedules make of each point that is a door; position is the point's.
  public var doorModes: [DoorModes]
  public var inputNames: [String]
  public var outputNames: [String]
  public var pointNames: [String]
  public var planNames: [String]
  public var chips: [ChipDescription]
  public var buses: [BusDescription]
  /// How each input is wired; position is the input's.
  public var inputWiring: [InputWiring]
  /// How old each input's value may grow before it counts as bad; zero for GPIO, which every scan reads.
  public var inputStale: [Interval]
  public var outputWiring: [OutputWiring]
  /// Which input tells that the output's contact has followed, and how soon it must; position is the output's.
  public var outputFeedback: [OutputFeedback?]
  /// Modbus units with a profile.
  public var devices: [DeviceDescription]
  /// Readers that hang on this controller's own wires or on a companion's bus; position is the reader's.
  public var readerWiring: [ReaderWiring]
  /// The card formats by which the controller reads the bits that an OSDP reader hands over; empty: as they are.
  public var readerFormats: [[String]]
  public var power: PowerDescription
  public var journal: JournalDescription
  public var uplink: UplinkDescription?
  /// What is allowed and yet worth a look: unused signals, files not there yet, short warnings.
  public var notes: [SiteFault]
  /// The file as it was named on the command line.
  public var path: String
}

public struct GatewayDescription: Sendable, Equatable {
  public var id: String
  public var site: String
  public var timezone: String
}

public struct LoopDescription: Sendable, Equatable {
  public var period: Interval
  /// SCHED_FIFO priority of the scan, 1 to 99.
  public var priority: Int
  /// Silence of the heartbeat after which the guard acts.
  public var guardTime: Interval
}

public struct ChipDescription: Sendable, Equatable {
  public enum Source: Sendable, Equatable {
    case label(String)
    case name(String)
    /// Lines in a file under RUN, for the demo and for tests without a kernel chip.
    case simulated
  }
  public var name: String
  public var source: Source
}

public struct BusDescription: Sendable, Equatable {
  public enum Link: Sendable, Equatable {
    case tcp(host: String, port: Int)
    case serial(path: String, baud: Int, parity: Parity, stopBits: Int)
  }
  public enum Parity: String, Sendable, Equatable {
    case none, even, odd
  }
  public var name: String
  public var link: Link
  /// How long a unit may take to answer.
  public var timeout: Interval
  /// The pause between two polls of the bus.
  public var poll: Interval
  public var use: Use

  /// Who speaks on a bus: the controller's Modbus thread, or the readers' program.
  public enum Use: String, Sendable, Equatable {
    case modbus, osdp, serial
    /// Nothing hangs on it.
    case idle
  }
}

public enum ReaderWiring: Sendable, Equatable {
  /// Spoken for over the ingress socket. `user`: the only Unix user that may, where set.
  case ingress(user: String?)
  case wiegand(chip: Int, d0: Line, d1: Line, frameGap: Interval, formats: [String])
  case osdp(bus: Int, address: Int, keyFile: String?)
  /// A reader that prints a line for each code (QR and barcode scanners).
  case serial(bus: Int)
}

/// The inputs that tell of the box's own supply; a plan of kind power says what is done about it.
public struct PowerDescription: Sendable, Equatable {
  public var mainsFail: InputIndex?
  public var batteryLow: InputIndex?
}

public struct JournalDescription: Sendable, Equatable {
  public var capacity: Int
  /// The most bytes of the log; nil: as many as its records need.
  public var capacityBytes: Int64?
  /// Days after which an acknowledged record is dropped; nil: when its room is needed.
  public var keepDays: Int?
  /// Days after which a record's credential is dropped; nil: with its record.
  public var credentialDays: Int?
  /// Share of the capacity at which a warning is logged.
  public var warnAt: Double
  public var commitBudget: Interval
}

public struct UplinkDescription: Sendable, Equatable {
  /// One address, or those of a cluster's nodes with commas between them.
  public var broker: String
  public var caFile: String?
  public var certFile: String?
  public var keyFile: String?
  public var hqPublicKey: String?
  /// Plain text to a loopback broker is meant.
  public var insecure: Bool
  public var batch: Int
  public var window: Int
}
