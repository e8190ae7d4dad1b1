import AccessPolicy
import ControlCore

/// What tolerant matching gains and what it costs: made reads of a camera that errs, over a made list, all from one
/// seed.
///
/// Nine of ten cars stand in the list, one of these in a hundred is denied; the rest are strangers from the same
/// town.
public struct PlateTrial: Sendable, Equatable {
  public let reads: Int
  public let entries: Int
  /// Reads that are not what hangs on the car.
  public private(set) var misread = 0
  /// Granted, with the plate read as it is.
  public private(set) var exact = 0
  /// Misread, and granted for the right entry all the same.
  public private(set) var gained = 0
  /// Misread cars of the list that were not granted, with ``ambiguous`` among them.
  public private(set) var missed = 0
  /// Refused because two entries were near.
  public private(set) var ambiguous = 0
  /// Granted for another car's entry, where the two plates differ by confusion only.
  public private(set) var wrongByConfusion = 0
  /// Granted for another car's entry by tolerance, where they differ in more than that.
  public private(set) var wrongBeyond = 0
  /// Of these the cars of the list in whose reading the camera made one mistake. The list then tells that the reading
  /// may come from either car, so there must be none.
  public private(set) var wrongTellable = 0
  /// Granted for another car's entry that is exactly what was read: an exact match would have done the same.
  public private(set) var wrongExactly = 0
  /// Of those the first few: what hung on the car, what was read, what it was taken for.
  public private(set) var examples: [String] = []
  /// Denied cars that were granted, by their own entry or another's.
  public private(set) var deniedGranted = 0
  /// Denied cars, misread, that were known for what they are.
  public private(set) var deniedKnown = 0

  public var wrong: Int { wrongByConfusion + wrongBeyond + wrongExactly }

  public init(seed: UInt64, reads: Int = 100_000, entries: Int = 10_000) {
    self.reads = reads
    self.entries = entries
    var town = PlateTown(seed: seed, entries: entries)
    var random = SeededRandom(seed: seed ^ 0x7265_6164)
    var camera = PlateCamera(random: SeededRandom(seed: seed ^ 0x6361_6D65))
    let setting = PlateTrial.setting
    let decider = Decider(setting: setting)
    let state = PassageState(setting: setting)
    let list = ListSnapshot(rows: town.rows, version: 1, groups: setting.groups)
    for _ in 0..<reads {
      let plate = random.oneIn(10) ? town.stranger() : random.pick(town.plates)
      let reading = camera.read(plate)
      let others = reading.other.flatMap { other in
        (try? CredentialKey.parse(value: other.text, kind: .plate)).map {
          Candidate(credential: $0, confidence: other.confidence)
        }
      }
      let request = AccessRequest(
        reader: ReaderIndex(0), credential: try? CredentialKey.parse(value: reading.text, kind: .plate),
        confidence: 0.9, candidates: others.map { [$0] } ?? [], characters: reading.characters,
        at: 1_795_305_600_000, now: .zero)
      let decision = decider.judge(request, list: list, state: state)
      count(plate, reading, decision, town)
    }
  }

  private mutating func count(
    _ plate: String, _ reading: PlateCamera.Reading, _ decision: AccessDecision, _ town: PlateTown
  ) {
    if reading.isMisread { misread += 1 }
    let isDenied = town.denied.contains(plate)
    let taken = decision.credential.map { String("\($0)".dropFirst("plate:".count)) }
    if isDenied && reading.isMisread && !decision.isGrant && taken == plate { deniedKnown += 1 }
    guard decision.isGrant, let taken else {
      if reading.isMisread && town.listed.contains(plate) && !isDenied { missed += 1 }
      if decision.isAmbiguous { ambiguous += 1 }
      return
    }
    if isDenied { deniedGranted += 1 }
    if taken == plate {
      if reading.isMisread { gained += 1 } else { exact += 1 }
    } else if decision.takenFor == nil {
      wrongExactly += 1
    } else if PlateTrial.isNear(plate, taken) {
      wrongByConfusion += 1
    } else {
      wrongBeyond += 1
      if reading.errors == 1 && town.listed.contains(plate) { wrongTellable += 1 }
      if examples.count < 10 { examples.append("\(plate) read as \(reading.text), taken for \(taken)") }
    }
  }

  /// Whether a car with the one plate, read right, is near enough to the other's entry.
  private static func isNear(_ plate: String, _ entry: String) -> Bool {
    guard let read = try? CredentialKey.parse(value: plate, kind: .plate),
      let meant = try? CredentialKey.parse(value: entry, kind: .plate)
    else { return false }
    let list = ListSnapshot(
      rows: [ListRow(credential: meant, groups: [0])], version: 1, groups: setting.groups)
    let request = AccessRequest(
      reader: ReaderIndex(0), credential: read, at: 1_795_305_600_000, now: .zero)
    return Decider(setting: setting).judge(request, list: list, state: PassageState(setting: setting)).isGrant
  }

  static let setting = PolicySetting(
    pointNames: ["lane"],
    readers: [
      ReaderSetting(
        name: "camera", point: PointIndex(0), side: .in, kind: .plate, match: .tolerant, minConfidence: 0.8)
    ],
    schedules: [
      ScheduleSetting(name: "always", always: true, weekdays: Array(repeating: [], count: 7), holidays: nil)
    ],
    holidays: [],
    groups: [GroupSetting(name: "all", points: [PointIndex(0)], schedule: 0, untrustedClock: .allow)],
    areas: [], zone: .utc)

  /// The table that people read.
  public var lines: [String] {
    let rows: [(String, Int)] = [
      ("reads", reads), ("  of these misread by the camera", misread), ("granted as read", exact),
      ("gained: misread, granted for the right entry", gained),
      ("misread and not granted", missed), ("  of these and of strangers ambiguous", ambiguous),
      ("wrong: another car, told apart by confusion only", wrongByConfusion),
      ("wrong: another car by tolerance, beyond that", wrongBeyond),
      ("  of these cars of the list, misread in one place", wrongTellable),
      ("wrong: misread as exactly another car's plate", wrongExactly),
      ("denied cars granted", deniedGranted), ("denied cars known though misread", deniedKnown),
    ]
    return rows.map { name, count in
      let number = "\(count)"
      return name + String(repeating: " ", count: max(1, 60 - name.count - number.count)) + number
    } + examples
  }
}

/// The cars of the trial.
private struct PlateTown {
  private(set) var plates: [String] = []
  private(set) var listed: Set<String> = []
  private(set) var denied: Set<String> = []
  private var forge: PlateForge

  init(seed: UInt64, entries: Int) {
    forge = PlateForge(random: SeededRandom(seed: seed))
    while plates.count < entries {
      let plate = forge.plate()
      guard listed.insert(plate).inserted else { continue }
      plates.append(plate)
      if plates.count.isMultiple(of: 100) { denied.insert(plate) }
    }
  }

  var rows: [ListRow] {
    plates.compactMap { plate in
      (try? CredentialKey.parse(value: plate, kind: .plate)).map {
        ListRow(credential: $0, groups: [0], flags: denied.contains(plate) ? .deny : [])
      }
    }
  }

  mutating func stranger() -> String {
    while true {
      let plate = forge.plate()
      if !listed.contains(plate) { return plate }
    }
  }
}
