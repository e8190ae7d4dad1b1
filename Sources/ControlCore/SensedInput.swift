/// One input behind its debounce: a change is believed when it has held for the setting's time.
///
/// A level of doubtful quality is never believed: the input is unknown from that scan on, and known again when
/// a good level has held for the debounce. A wire that reads as cut or short is told as lost, and counts as lost,
/// when it has read so for the debounce: a changeover contact passes through both.
struct SensedInput {
  enum Change: UInt8 {
    case none, lost, returned
    @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }
  }

  private let debounce: Interval
  /// The last believed level; kept over a loss for display only.
  private(set) var level = false
  private(set) var quality = Quality.unknown
  private var candidate = false
  private var candidateSince: Instant?
  /// The loss was told.
  private(set) var isLost = false
  /// The fault of a supervised wire that was told, and the one that is on its way.
  private var toldWire = Quality.unknown
  private var wire = Quality.unknown
  private var wireSince: Instant?

  @_noLocks init(debounce: Interval) {
    self.debounce = debounce
  }

  var reading: Reading {
    @_noLocks get {
      guard quality == .good else { return .unknown }
      return level ? .on : .off
    }
  }

  @_noLocks
  mutating func sense(_ raw: Bool, _ rawQuality: Quality, _ now: Instant) -> Change {
    guard rawQuality == .good else { return lose(rawQuality, now) }
    wireSince = nil
    if let since = candidateSince, candidate == raw {
      guard now.since(since) >= debounce else { return .none }
    } else {
      candidate = raw
      candidateSince = now
      guard Interval.zero >= debounce else { return .none }
    }
    level = raw
    quality = .good
    guard isLost else { return .none }
    isLost = false
    toldWire = .unknown
    return .returned
  }

  @_noLocks
  private mutating func lose(_ rawQuality: Quality, _ now: Instant) -> Change {
    let wasKnown = quality == .good
    candidateSince = nil
    quality = rawQuality
    if rawQuality.isTampered { return loseWire(rawQuality, now) }
    wireSince = nil
    // Not yet read since the start is no loss; silent from the start is one.
    guard !isLost, wasKnown || rawQuality == .bad else { return .none }
    isLost = true
    return .lost
  }

  /// A wire that goes from one fault to the other is told again.
  @_noLocks
  private mutating func loseWire(_ rawQuality: Quality, _ now: Instant) -> Change {
    if wire == rawQuality, let since = wireSince {
      guard now.since(since) >= debounce else { return .none }
    } else {
      wire = rawQuality
      wireSince = now
      guard Interval.zero >= debounce else { return .none }
    }
    guard !isLost || !(toldWire == rawQuality) else { return .none }
    isLost = true
    toldWire = rawQuality
    return .lost
  }
}
