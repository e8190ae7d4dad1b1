public import ControlCore

/// How far the wall clock can be believed.
public enum ClockTrust: UInt8, Sendable, Equatable {
  case synced
  /// Was set since the start and runs on by itself.
  case holdover
  /// Not set since the start, or known to be wrong.
  case untrusted

  /// The word in the log record.
  public var name: String {
    switch self {
    case .synced: "synced"
    case .holdover: "holdover"
    case .untrusted: "untrusted"
    }
  }
}

/// What holds a point back, whoever asks.
public struct PointCondition: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  @_noLocks public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static var outOfService: Self { @_noLocks get { Self(rawValue: 1) } }
  /// A lockdown plan holds it.
  public static var lockedDown: Self { @_noLocks get { Self(rawValue: 2) } }
  /// Another point of its interlock group is open.
  public static var interlockBusy: Self { @_noLocks get { Self(rawValue: 4) } }

  @_noLocks
  func has(_ condition: Self) -> Bool { rawValue & condition.rawValue != 0 }
}

/// Another reading of the same plate, as its camera offers it.
public struct Candidate: Sendable, Equatable {
  public var credential: CredentialKey
  /// 0 to 1.
  public var confidence: Double

  public init(credential: CredentialKey, confidence: Double) {
    self.credential = credential
    self.confidence = confidence
  }
}

/// How sure a camera is of each character of a plate, in hundredths.
struct CharacterSureness: Sendable {
  private(set) var count = 0
  private var percents = InlineArray<16, UInt8>(repeating: 0)

  @_noLocks init() {}

  /// Of confidences from 0 to 1; what is no such number counts as none, more than a plate has are not used.
  init(_ confidences: [Double]) {
    guard confidences.count <= PolicyLimits.plateCharacters else { return }
    for (place, confidence) in confidences.enumerated() {
      percents[place] = confidence >= 0 && confidence <= 1 ? UInt8(confidence * 100 + 0.5) : 0
    }
    count = confidences.count
  }

  @_noLocks
  func percent(_ place: Int) -> UInt8 { percents[place] }
}

/// One read of one credential: all that the decision is asked with.
public struct AccessRequest: Sendable {
  public var reader: ReaderIndex
  /// Nil: what was read is no credential (bad form, damaged frame).
  public var credential: CredentialKey?
  /// 0 to 1; nil: the reader does not say.
  public var confidence: Double?
  /// Unix milliseconds.
  public var at: Int64
  public var clock: ClockTrust
  /// The monotonic clock.
  public var now: Instant
  public var condition: PointCondition
  /// A number for the camera's track, equal for equal tracks; nil: the reader tells none.
  public var track: UInt64?
  private var readings = InlineArray<4, Candidate?>(repeating: nil)
  let characters: CharacterSureness

  /// - Parameter characters: how sure the camera is of each character of the plate's normal form, 0 to 1.
  public init(
    reader: ReaderIndex, credential: CredentialKey?, confidence: Double? = nil, candidates: [Candidate] = [],
    characters: [Double] = [], at: Int64, clock: ClockTrust = .synced, now: Instant,
    condition: PointCondition = [],
    track: UInt64? = nil
  ) {
    self.reader = reader
    self.credential = credential
    self.confidence = confidence
    self.at = at
    self.clock = clock
    self.now = now
    self.condition = condition
    self.track = track
    self.characters = CharacterSureness(characters)
    for (place, candidate) in candidates.prefix(PolicyLimits.candidates).enumerated() {
      readings[place] = candidate
    }
  }

  /// The first ``PolicyLimits/candidates`` of those given.
  @_noLocks
  func candidate(_ place: Int) -> Candidate? { readings[place] }

  /// A track's text as the number that ``track`` wants.
  public static func trackNumber(_ text: String) -> UInt64 {
    var mix = Fingerprint(seed: 0x7472_6163)
    for unit in text.utf8 {
      mix.add(unit)
    }
    return mix.value
  }
}
