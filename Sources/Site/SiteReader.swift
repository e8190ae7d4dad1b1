import AccessPolicy
import ControlCore

/// Reads one site file from top to bottom; each part adds its faults and leaves what later parts refer to.
///
/// A part that is wrong leaves a place all the same, so that a reference to it is not a second fault.
struct SiteReader {
  let path: String
  let file: ParsedFile
  let faults: FaultList
  var shelf: ProfileShelf

  var gateway = GatewayDescription(id: "", site: "", timezone: "")
  var gatewayBoard: (name: String, path: KeyPath)?
  var zone = ZoneRules.utc
  var loop = LoopDescription(
    period: .milliseconds(1), priority: 80, guardTime: .milliseconds(50))
  var journal = JournalDescription(capacity: 1_000_000, warnAt: 0.8, commitBudget: .milliseconds(50))
  var uplink: UplinkDescription?

  var chipNames = NameList("gpio chip")
  var chips: [ChipDescription] = []
  var boards: [BoardProfile?] = []
  var busNames = NameList("bus")
  var buses: [BusDescription] = []
  var busUse: [BusUse] = []
  var deviceNames = NameList("device")
  var devices: [Device?] = []

  var inputNames = NameList("input")
  var inputs: [InputSetting] = []
  var inputWiring: [InputWiring?] = []
  var inputStale: [Interval] = []
  var inputUsed: Set<Int> = []
  /// Inputs without a wire, until all inputs are known.
  var madeOf: [(place: Int, section: Section)] = []
  var outputNames = NameList("output")
  var outputs: [OutputSetting] = []
  var outputWiring: [OutputWiring?] = []
  var outputFeedback: [OutputFeedback?] = []
  var outputUse: [Int: KeyPath] = [:]
  /// Outputs that start something moving, or unlock it.
  var moving: [(output: Int, role: OutputRole, path: KeyPath)] = []
  /// Outputs whose board may go on without its master because the site says so.
  var accepted: Set<Int> = []

  var pointNames = NameList("point")
  var points: [PointSetting?] = []
  /// Doors that say something of schedules, which are read behind them.
  var doorSections: [(point: Int, section: Section)] = []
  var doorModes: [DoorModes] = []
  /// What must come with a credential at a point, whichever of its readers it is shown to.
  var pointCompany: [Int: Company] = [:]
  var readerNames = NameList("reader")
  var readers: [ReaderSetting] = []
  var readerWiring: [ReaderWiring] = []
  /// What the bits that a reader hands over may be, by its place.
  var formatsOfBits: [Int: [String]] = [:]
  var readerLines: [(chip: Int, line: Line, path: KeyPath)] = []

  var scheduleNames = NameList("schedule")
  var schedules: [ScheduleSetting] = []
  var holidays: [CivilDate] = []
  var groupNames = NameList("group")
  var groups: [GroupSetting] = []
  var areas: [AreaSetting] = []
  var interlocks: [InterlockSetting] = []
  var planNames = NameList("plan")
  var plans: [EmergencySetting] = []
  var outputsOfPlans: Set<Int> = []
  var power = PowerDescription()

  /// A Modbus unit with a name, and its profile's channels.
  struct Device {
    var bus: Int
    var unit: Int
    var profile: DeviceProfile
    var timeout: Interval?
    var watchdogTimeout: Interval?
    var acceptNoWatchdog: Bool
  }

  /// What speaks on a bus: Modbus, or readers that are not Modbus; never both.
  struct BusUse {
    var modbus: KeyPath?
    var osdp: KeyPath?
    var serial: KeyPath?
  }

  init(path: String, file: ParsedFile, faults: FaultList, profiles: String?) {
    self.path = path
    self.file = file
    self.faults = faults
    let own = SmallFile.folder(of: path)
    let folder = own.isEmpty ? "." : own
    let named = file.root.text("profiles").map { SmallFile.beside(path, $0) }
    shelf = ProfileShelf(
      folders: [
        named, profiles, folder, "\(folder)/..", "/usr/share/gatehouse", "/usr/local/share/gatehouse",
      ]
      .compactMap { $0 })
  }

  mutating func read() {
    readGateway()
    readLoop()
    readChips()
    readBuses()
    readDevices()
    readInputs()
    readOutputs()
    readPoints()
    readReaders()
    checkFactors()
    checkTurnstileReaders()
    readSchedules()
    readHolidays()
    readGroups()
    checkTurnstilePersons()
    readAreas()
    checkAreas()
    readInterlocks()
    readDoorModes()
    readEmergency()
    readPower()
    readJournal()
    readUplink()
    checkWires()
    checkWatchdogs()
    checkUse()
  }

  /// Only where no fault was found: then every optional has its value.
  func description() -> SiteDescription {
    SiteDescription(
      gateway: gateway, loop: loop,
      control: ControllerSetting(
        inputs: inputs, outputs: outputs, points: points.map { $0! }, interlocks: interlocks,
        emergencies: plans),
      policy: PolicySetting(
        pointNames: pointNames.names, readers: readers, schedules: schedules, holidays: holidays,
        groups: groups, areas: areas, zone: zone),
      doorModes: doorModes, inputNames: inputNames.names, outputNames: outputNames.names,
      pointNames: pointNames.names,
      planNames: planNames.names, chips: chips, buses: buses, inputWiring: inputWiring.map { $0! },
      inputStale: inputStale, outputWiring: outputWiring.map { $0! }, outputFeedback: outputFeedback,
      devices: describedDevices, readerWiring: readerWiring,
      readerFormats: readers.indices.map { formatsOfBits[$0] ?? [] },
      power: power,
      journal: journal, uplink: uplink, notes: faults.notes, path: path)
  }

  private var describedDevices: [DeviceDescription] {
    zip(deviceNames.names, devices).map { name, device in
      let device = device!
      return DeviceDescription(
        name: name, bus: device.bus, unit: device.unit, timeout: device.timeout, fault: device.profile.fault)
    }
  }

  /// Names with their places; used by lists of points, inputs and the like. A name given twice is a fault.
  func places(
    _ texts: [(text: String, path: KeyPath)], in names: NameList
  ) -> [Int] {
    var places: [Int] = []
    for (text, path) in texts {
      guard let place = names.place(of: text, path, faults) else { continue }
      if places.contains(place) {
        faults.add(path, "'\(text)' stands in this list already; must stand once")
      } else {
        places.append(place)
      }
    }
    return places
  }
}
