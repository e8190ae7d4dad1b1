import ControlCore
import Journal
import Messages
import Platform
import Testing

@testable import Runtime

/// What is dropped does not come back: only a clock beyond doubt lets the log grow old.
@Suite struct RetentionClockTests {
  private static let hour: Int64 = 3_600_000
  private static let start: Int64 = 1_767_225_600_000

  /// Hours of running, the wall clock's error then in milliseconds, and how it is believed.
  private struct Look {
    var hour: Double
    var error: Int64 = 0
    var clock = LogRecord.Clock.synced
  }

  /// Whether the last look gives a time.
  private func holds(_ looks: [Look], steady: Int64 = 0, countedAt: Int64 = 0) -> Bool {
    var clock = RetentionClock(steady: steady, countedAt: countedAt)
    var time: Int64?
    for look in looks {
      let passed = Int64(look.hour * Double(Self.hour))
      let wall = Self.start + passed + look.error
      time = clock.time(clock: look.clock, wall: wall, monotonic: UInt64(passed + 1) * 1_000_000)
      if let time { #expect(time == wall) }
    }
    return time != nil
  }

  @Test func aDayInStepIsEnough() {
    #expect(!holds([Look(hour: 0)]))
    #expect(!holds([Look(hour: 0), Look(hour: 23.9)]))
    #expect(holds([Look(hour: 0), Look(hour: 12), Look(hour: 24.1)]))
    #expect(holds([Look(hour: 0), Look(hour: 12, error: 3_000), Look(hour: 24.1, error: -500)]))
  }

  @Test(arguments: [6_000, -6_000, 86_400_000 * 365 * 5, -86_400_000 * 365] as [Int64])
  func aJumpBeginsTheDayAnew(_ jump: Int64) {
    #expect(!holds([Look(hour: 0), Look(hour: 30), Look(hour: 30.1, error: jump)]))
    #expect(
      !holds([Look(hour: 0), Look(hour: 30), Look(hour: 30.1, error: jump), Look(hour: 54, error: jump)]))
    #expect(
      holds([Look(hour: 0), Look(hour: 30), Look(hour: 30.1, error: jump), Look(hour: 54.2, error: jump)]))
    #expect(!holds([Look(hour: 0), Look(hour: 30), Look(hour: 30.1, error: jump), Look(hour: 30.2)]))
  }

  @Test(arguments: [LogRecord.Clock.untrusted, .holdover])
  func aClockThatNothingKeepsRightIsNotAsked(_ clock: LogRecord.Clock) {
    #expect(!holds([Look(hour: 0), Look(hour: 25), Look(hour: 26, clock: clock)]))
    #expect(!holds([Look(hour: 0, clock: clock), Look(hour: 25, clock: clock)]))
    // It goes on where it was once the clock is kept right again, unless that moved it.
    #expect(holds([Look(hour: 0), Look(hour: 25), Look(hour: 26, clock: clock), Look(hour: 27)]))
    #expect(
      !holds([Look(hour: 0), Look(hour: 25), Look(hour: 26, clock: clock), Look(hour: 27, error: -9_000_000)])
    )
  }

  @Test func aRestartGoesOnWhereTheClockIsNotFarOff() {
    let steady = 24 * Self.hour
    #expect(holds([Look(hour: 0)], steady: steady, countedAt: Self.start - Self.hour))
    #expect(!holds([Look(hour: 0)], steady: steady, countedAt: Self.start + Self.hour), "it went back")
    #expect(!holds([Look(hour: 0)], steady: steady, countedAt: Self.start - 8 * 24 * Self.hour))
    #expect(!holds([Look(hour: 0)], steady: steady - 1, countedAt: Self.start - Self.hour))
  }

  /// The thread that owns the journal, with a clock that the test believes.
  @Test(arguments: [LogRecord.Clock.synced, .untrusted])
  func theJournalThreadLetsTheLogGrowOld(_ clock: LogRecord.Clock) throws {
    let directory = try TemporaryDirectory(prefix: "age")
    let now = WallClock.milliseconds()
    let path = directory.path
    let journal = try Journal.open(
      directory: path, gateway: "gw", capacity: 1_000, forgetsCredentials: true)
    _ = try journal.append(
      (0..<10).map { number in
        LogRecord(
          at: Timestamp(milliseconds: now - Int64(10 - number) * 86_400_000), clock: .synced, monotonic: 1,
          type: .access, credential: "plate:P\(number)")
      })
    let status = StatusBoard(readers: 0)
    status.clock = clock
    var thread = JournalThread(
      journal: journal, desk: try JournalDesk(status: status), status: status, board: try GuardBoard(),
      watchers: WatchList(), keeping: .init(credentials: 5 * 86_400_000 + 3_600_000), settle: .zero,
      open: { _ in journal }, committed: { _ in })
    thread.turn()
    let lines = try journal.read(after: 0, limit: 100).map { try LogRecord.parse($0.bytes) }
    let redacted = lines.count { if case .redacted = $0 { true } else { false } }
    #expect(redacted == (clock == .synced ? 5 : 0))
    #expect(status.journal.redactedThrough == Int64(redacted))
  }
}
