/// The offsets of one time zone: from which second of Unix time which offset from UTC holds.
public struct ZoneRules: Sendable, Equatable {
  /// Unix seconds of each change, ascending, and the offset in seconds east of UTC from then on.
  public let changes: [(at: Int64, offset: Int32)]
  /// The offset before the first change.
  public let first: Int32

  public init(first: Int32, changes: [(at: Int64, offset: Int32)]) {
    self.first = first
    self.changes = changes
  }

  public static let utc = ZoneRules(first: 0, changes: [])

  public static func == (left: ZoneRules, right: ZoneRules) -> Bool {
    left.first == right.first
      && left.changes.elementsEqual(right.changes) { $0.at == $1.at && $0.offset == $1.offset }
  }

  /// Seconds east of UTC.
  public func offset(atUnixMilliseconds at: Int64) -> Int32 {
    ZoneTable(self).offset(atSeconds: ZoneTable.seconds(at))
  }

  /// The date, the weekday (Monday 0) and the minute of the day on the zone's clocks.
  public func civil(atUnixMilliseconds at: Int64) -> (date: CivilDate, weekday: Int, minuteOfDay: Int) {
    let local = ZoneTable(self).local(atUnixMilliseconds: at)
    return (
      CivilDate(daysSince1970: local.day), CivilDate.weekday(daysSince1970: local.day), local.minuteOfDay
    )
  }
}

/// The rules laid out for a search that takes no lock.
struct ZoneTable: ~Copyable, Sendable {
  private let first: Int32
  private let starts: [Int64]
  private let offsets: [Int32]
  /// For each stretch of time from the first change on, how many changes there were at its begin: a search goes on
  /// from there, and in a real zone meets one change at most.
  private let guide: [UInt32]

  /// Seconds of a stretch as a shift: 2^22 are 48 days, and two centuries take 1,500 stretches.
  private static var stretch: Int64 { @_noLocks get { 22 } }
  private static var mostStretches: Int { 1 << 14 }

  init(_ rules: ZoneRules) {
    first = rules.first
    starts = rules.changes.map(\.at)
    offsets = rules.changes.map(\.offset)
    var guide: [UInt32] = []
    if let begin = starts.first, let end = starts.last {
      let count = min(Int((end - begin) >> ZoneTable.stretch) + 1, ZoneTable.mostStretches)
      var seen = 0
      for place in 0..<count {
        while seen < starts.count, starts[seen] <= begin + Int64(place) << ZoneTable.stretch { seen += 1 }
        guide.append(UInt32(seen))
      }
    }
    self.guide = guide
  }

  @_noLocks
  borrowing func offset(atSeconds second: Int64) -> Int32 {
    guard guide.count > 0, second >= starts[0] else { return first }
    let stretch = Int((second - starts[0]) >> ZoneTable.stretch)
    var seen = Int(guide[stretch < guide.count ? stretch : guide.count - 1])
    while seen < starts.count && starts[seen] <= second { seen += 1 }
    return offsets[seen - 1]
  }

  /// Days from 1970-01-01 and the minute of the day on the zone's clocks.
  @_noLocks
  borrowing func local(atUnixMilliseconds at: Int64) -> (day: Int, minuteOfDay: Int) {
    let second = ZoneTable.seconds(at)
    let local = Int(second) + Int(offset(atSeconds: second))
    let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
    return (day, (local - day * 86_400) / 60)
  }

  /// Rounded down.
  @_noLocks
  static func seconds(_ milliseconds: Int64) -> Int64 {
    milliseconds / 1000 - (milliseconds % 1000 < 0 ? 1 : 0)
  }
}
