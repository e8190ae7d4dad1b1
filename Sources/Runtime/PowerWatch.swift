import ControlCore
import Messages
import Site

/// Looks a few times a second at the inputs that tell of the mains and the battery, and writes their changes down.
struct PowerWatch {
  private let site: SiteDescription
  private let ports: ScanPorts
  private let desk: JournalDesk
  private let writer: RecordWriter
  private var wasWrong: [Bool] = [false, false]

  init(site: SiteDescription, ports: ScanPorts, desk: JournalDesk, writer: RecordWriter) {
    self.site = site
    self.ports = ports
    self.desk = desk
    self.writer = writer
  }

  mutating func look() {
    tell(0, site.power.mainsFail, "mains-fault", wrong: "mains-failed", well: "mains-back")
    tell(1, site.power.batteryLow, "battery-low", wrong: "battery-low", well: "battery-well")
  }

  private mutating func tell(
    _ place: Int, _ input: InputIndex?, _ reason: String, wrong: String, well: String
  ) {
    guard let input, let isWrong = Self.level(input, ports), isWrong != wasWrong[place] else { return }
    wasWrong[place] = isWrong
    desk.submit(
      writer.draft(
        .device, reason: reason,
        detail: [
          "event": .string(isWrong ? wrong : well), "input": .string(site.inputNames[input.position]),
        ]))
  }

  /// Nil while the input cannot be believed: that is a fault of its own.
  private static func level(_ input: InputIndex, _ ports: ScanPorts) -> Bool? {
    ports.snapshot.read { snapshot in
      snapshot.sensedQuality[input.position] == .good ? snapshot.sensedLevel[input.position] : nil
    }
  }

  /// What `status` says of the supply.
  static func faults(_ site: SiteDescription, _ ports: ScanPorts) -> [String] {
    var faults: [String] = []
    if let input = site.power.mainsFail, level(input, ports) == true {
      faults.append("power: the mains have failed (\(site.inputNames[input.position]))")
    }
    if let input = site.power.batteryLow, level(input, ports) == true {
      faults.append("power: the battery is low (\(site.inputNames[input.position]))")
    }
    return faults
  }
}
