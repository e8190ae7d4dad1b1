/// One input behind its debounce: a change is believed when it has held for the setting's time.
///
/// A level of doubtful quality is never believed: the input is unknown from that scan on, and known again when
/// a good level has held for the debounce.
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
    guard rawQuality == .good else { return lose(rawQuality) }
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
    return .returned
  }

  @_noLocks
  private mutating func lose(_ rawQuality: Quality) -> Change {
    let wasKnown = quality == .good
    candidateSince = nil
    quality = rawQuality
    // Not yet read since the start is no loss; silent from the start is one.
    guard !isLost, wasKnown || rawQuality == .bad else { return .none }
    isLost = true
    return .lost
  }
}
