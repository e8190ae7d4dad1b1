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

  init(_ rules: ZoneRules) {
    first = rules.first
    starts = rules.changes.map(\.at)
    offsets = rules.changes.map(\.offset)
  }

  @_noLocks
  borrowing func offset(atSeconds second: Int64) -> Int32 {
    var low = 0
    var high = starts.count
    while low < high {
      let middle = (low + high) / 2
      if starts[middle] <= second {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low == 0 ? first : offsets[low - 1]
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
