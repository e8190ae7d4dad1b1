import ControlCore
import Messages
import Platform
import Synchronization
import Testing

@testable import Runtime

struct HistogramTests {
  @Test(arguments: [0, 1, 7, 8, 9, 15, 16, 100, 999, 12_345, 1_000_000] as [UInt64])
  func aPercentileIsRightToAnEighth(_ microseconds: UInt64) {
    let histogram = Histogram()
    histogram.record(nanoseconds: microseconds * 1_000)
    let found = histogram.percentile(0.5)
    #expect(found >= microseconds && found <= microseconds + microseconds / 8 + 1)
    #expect(histogram.maximumMicroseconds == microseconds)
  }

  @Test func percentilesAndBoundsFollowTheCounts() {
    let histogram = Histogram()
    for value in 1...1_000 as ClosedRange<UInt64> { histogram.record(nanoseconds: value * 1_000) }
    #expect(histogram.count == 1_000)
    #expect((440...570).contains(histogram.percentile(0.5)))
    #expect((950...1_000).contains(histogram.percentile(0.99)))
    #expect(histogram.counts(below: [16, 1 << 20]).reduce(0, +) == 1_000)
    #expect(Histogram().percentile(0.99) == 0)
  }

  @Test func whatIsBeyondTheLastBucketIsKept() {
    let histogram = Histogram()
    histogram.record(nanoseconds: .max)
    #expect(histogram.count == 1)
    #expect(histogram.counts(below: [10]) == [0, 1])
  }
}

struct SnapshotBufferTests {
  @Test func readersSeeWholeValuesOnly() throws {
    let buffer = SnapshotBuffer([Int](repeating: 0, count: 64))
    let ended = Atomic<Bool>(false)
    let torn = Atomic<Int>(0)
    let highest = Atomic<Int>(0)
    try withThreads(2, until: ended) {
      let (first, last) = buffer.read { ($0[0], $0[63]) }
      if first != last { torn.add(1, ordering: .relaxed) }
      if first > highest.load(ordering: .relaxed) { highest.store(first, ordering: .relaxed) }
    } while: {
      for number in 1...20_000 {
        buffer.publish { value in
          for place in 0..<64 { value[place] = number }
        }
      }
    }
    #expect(torn.load(ordering: .relaxed) == 0)
    #expect(buffer.read { $0[0] } == 20_000)
  }

  private func withThreads(
    _ count: Int, until ended: borrowing Atomic<Bool>, _ body: @escaping @Sendable () -> Void,
    while work: () -> Void
  ) throws {
    let stop = StopSign()
    let threads = try (0..<count).map { number in
      try PlatformThread.start(name: "reader \(number)") {
        while !stop.isSet { body() }
      }
    }
    work()
    stop.set()
    for thread in threads { thread.join() }
    ended.store(true, ordering: .relaxed)
  }
}

final class StopSign: Sendable {
  private let flag = Atomic<Bool>(false)
  var isSet: Bool { flag.load(ordering: .acquiring) }
  func set() { flag.store(true, ordering: .releasing) }
}

struct HeartbeatWatchTests {
  private let millisecond: UInt64 = 1_000_000

  @Test func silenceIsDeathAfterTheLimit() {
    var watch = HeartbeatWatch(limit: .milliseconds(50), now: 0)
    #expect(watch.look(beats: 1, now: 2 * millisecond) == nil)
    var now = 2 * millisecond
    var told: UInt64?
    while told == nil && now < 200 * millisecond {
      now += 2 * millisecond
      told = watch.look(beats: 1, now: now)
    }
    #expect(told == 52)
  }

  @Test func aPauseOfTheWholeMachineIsNotSilence() {
    var watch = HeartbeatWatch(limit: .milliseconds(50), now: 0)
    #expect(watch.look(beats: 1, now: 2 * millisecond) == nil)
    // The guard itself slept for 80 ms: it cannot know whether the controller could have run.
    #expect(watch.look(beats: 1, now: 82 * millisecond) == nil)
    #expect(watch.look(beats: 2, now: 84 * millisecond) == nil)
    // But not twice in a row.
    #expect(watch.look(beats: 2, now: 164 * millisecond) == nil)
    #expect(watch.look(beats: 2, now: 244 * millisecond) == nil)
    #expect(watch.look(beats: 2, now: 246 * millisecond) != nil)
  }
}

struct GuardBoardTests {
  @Test func wordsAreCutAtAWholeCharacter() throws {
    let board = try GuardBoard()
    #expect(board.lastWords == "")
    board.lastWords = String(repeating: "车", count: 400)
    #expect(board.lastWords == String(repeating: "车", count: 170))
    board.unsafeOutputs = "bus io: gone"
    #expect(board.unsafeOutputs == "bus io: gone")
    board.prepareStart()
    #expect(board.lastWords == "" && board.phase == .starting && !board.stopRequested)
  }

  @Test(arguments: [
    GuardCause.silent(milliseconds: 52), .signalled(9), .exited(1), .exited(-1), .startTooLong, .chipReturned,
  ])
  func aCauseCrossesToTheNextController(_ cause: GuardCause) {
    #expect(GuardCause(cause: cause.words.cause, number: cause.words.number) == cause)
    #expect(!cause.text.isEmpty)
  }
}

struct TrackMemoryTests {
  @Test func remembersForItsTimeAndForgetsTheOldest() {
    var memory = TrackMemory<Int>(capacity: 3)
    let now = Instant(nanoseconds: 1_000)
    for number in 1...4 { memory.remember(reader: 0, "t\(number)", number, now: now) }
    #expect(memory.count == 3)
    #expect(memory.answer(reader: 0, "t1", now: now, life: .seconds(1)) == nil)
    #expect(memory.answer(reader: 0, "t4", now: now, life: .seconds(1)) == 4)
    #expect(memory.answer(reader: 1, "t4", now: now, life: .seconds(1)) == nil)
    #expect(memory.answer(reader: 0, "t4", now: now + .seconds(2), life: .seconds(1)) == nil)
    memory.remember(reader: 0, "t4", 5, now: now)
    #expect(memory.answer(reader: 0, "t4", now: now, life: .seconds(1)) == 5)
    #expect(memory.count == 3)
  }
}

struct ClockWatchTests {
  private static let second: UInt64 = 1_000_000_000

  /// By hours, by years, and back: nothing that is judged by the wall clock is believed until it is set right again.
  @Test(
    arguments: [3_600_000, -3_600_000, 86_400_000 * 3_653, -86_400_000 * 3_653, 2_001, -2_001] as [Int64])
  func aJumpIsNotBelieved(_ jump: Int64) {
    var watch = ClockWatch(newestRecordAt: nil, wasBelieved: false)
    let wall: Int64 = 1_795_305_600_000
    #expect(watch.state(synchronised: true, wall: wall, monotonic: 0) == .synced)
    #expect(watch.state(synchronised: false, wall: wall + 500, monotonic: Self.second / 2) == .holdover)
    #expect(watch.state(synchronised: false, wall: wall + 1_000 + jump, monotonic: Self.second) == .untrusted)
    #expect(
      watch.state(synchronised: false, wall: wall + 1_500 + jump, monotonic: Self.second / 2 * 3)
        == .untrusted)
    #expect(watch.state(synchronised: true, wall: wall + 2_000, monotonic: 2 * Self.second) == .synced)
    #expect(watch.state(synchronised: false, wall: wall + 2_500, monotonic: Self.second / 2 * 5) == .holdover)
  }

  @Test func slewingAndALateLookAreNoJump() {
    var watch = ClockWatch(newestRecordAt: nil, wasBelieved: false)
    #expect(watch.state(synchronised: true, wall: 1_000, monotonic: 0) == .synced)
    #expect(watch.state(synchronised: false, wall: 61_900, monotonic: 60 * Self.second) == .holdover)
    #expect(watch.state(synchronised: false, wall: 3_661_900, monotonic: 3_660 * Self.second) == .holdover)
  }

  /// A decision between the jump and the next look.
  @Test func theBoardDoesNotBelieveAJumpBeforeTheNextLook() {
    let board = StatusBoard(readers: 0)
    board.setClock(.synced, seen: ClockPair(wall: 1_000_000, monotonic: Self.second))
    #expect(board.clock(wall: 1_000_400, monotonic: Self.second / 10 * 14) == .synced)
    #expect(board.clock(wall: 4_600_400, monotonic: Self.second / 10 * 14) == .untrusted)
    #expect(board.clock(wall: -2_600_000, monotonic: Self.second / 10 * 14) == .untrusted)
    #expect(board.clock(wall: Int64.min, monotonic: UInt64.max) == .untrusted)
    board.setClock(.holdover, seen: ClockPair(wall: 4_600_400, monotonic: 2 * Self.second))
    #expect(board.clock(wall: 4_600_500, monotonic: Self.second / 10 * 21) == .holdover)
  }

  private let day: UInt64 = 86_400_000_000_000

  @Test func trustsWhatWasRightNotLongAgo() {
    var watch = ClockWatch(newestRecordAt: nil, wasBelieved: false)
    #expect(watch.state(synchronised: false, wall: 1_000, monotonic: 0) == .untrusted)
    #expect(watch.state(synchronised: true, wall: 86_400_000, monotonic: day) == .synced)
    #expect(watch.state(synchronised: false, wall: 2 * 86_400_000, monotonic: day * 2) == .holdover)
    #expect(watch.state(synchronised: false, wall: 9 * 86_400_000, monotonic: day * 9) == .untrusted)
  }

  @Test func aClockBeforeTheNewestRecordIsWrong() {
    var watch = ClockWatch(newestRecordAt: 5_000, wasBelieved: true)
    #expect(watch.state(synchronised: false, wall: 4_000, monotonic: 0) == .untrusted)
    #expect(watch.state(synchronised: false, wall: 6_000, monotonic: 0) == .holdover)
    #expect(watch.state(synchronised: false, wall: 6_000 + 8 * 86_400_000, monotonic: 0) == .untrusted)
  }
}

struct MaskTests {
  @Test(arguments: [
    ("card:H10301/123/45678", "card:H10301/****78"), ("plate:京A12345", "plate:京A12345"),
    ("pin:****", "pin:****"),
    ("card:nonsense", "card:****"),
  ])
  func aViewerSeesTheEndOfACard(_ credential: String, _ seen: String) {
    #expect(CredentialMask.masked(credential) == seen)
    let record: JSONValue = ["seq": 1, "credential": .string(credential)]
    #expect(CredentialMask.masked(record: record)["credential"]?.stringValue == seen)
    let nested: JSONValue = ["detail": ["with": [.string(credential)], "count": 1]]
    #expect(CredentialMask.masked(record: nested)["detail"]?["with"]?[0]?.stringValue == seen)
  }
}

struct InboxTests {
  @Test func holdsItsCapacityAndTheReserve() throws {
    let inbox = try Inbox<Int>(capacity: 4)
    #expect(inbox.post(1, leaving: 2) && inbox.post(2, leaving: 2))
    #expect(!inbox.post(3, leaving: 2))
    #expect(inbox.post(3) && inbox.post(4) && !inbox.post(5))
    inbox.postAlways(6)
    #expect(inbox.takeAll() == [1, 2, 3, 4, 6])
    #expect(inbox.takeAll() == [])
  }
}

struct RoleTests {
  @Test func rootAndOneselfAdministerAndAStrangerLooks() {
    #expect(Role(of: PeerIdentity(process: 1, user: 0, group: 0)) == .administrator)
    #expect(Role(of: PeerIdentity(process: 1, user: UserNames.own, group: 9)) == .administrator)
    #expect(Role(of: PeerIdentity(process: 1, user: 54_321, group: 54_321)) == .viewer)
  }

  @Test func whoMayDoWhat() {
    for verb in Verb.allCases {
      switch verb {
      case .open, .close, .reset, .service, .maintenance, .free, .testOutput, .wearReset, .emergencyStart,
        .emergencySilence, .listLookup, .credentialSuspend, .passbackReset, .hold:
        #expect(verb.role == .technician)
      case .credentialResume, .emergencyReset, .listBegin, .listRows, .listCommit, .listExport,
        .uplinkAcknowledge,
        .uplinkRefused:
        #expect(verb.role == .administrator)
      default: #expect(verb.role == .viewer)
      }
    }
  }
}
