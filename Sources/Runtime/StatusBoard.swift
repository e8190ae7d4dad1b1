import Messages
import Synchronization

/// What threads tell about themselves for `status`: each line has one writer, all may read.
final class StatusBoard: Sendable {
  struct Journal: Sendable {
    var first: Int64 = 0
    var last: Int64 = 0
    var acked: Int64 = 0
    var depth: Int64 = 0
    var bytes: Int64 = 0
    var error: String?
    /// What HQ has not acknowledged, as a share of the room there is.
    var fullness: Double = 0
    /// Credentials of records up to here were kept long enough.
    var redactedThrough: Int64 = 0
    /// Bytes written to the disk by this controller, and the records they are for; nil where nobody counts.
    var written: Int64?
    var writtenRecords: Int64 = 0
    /// Records that found no room while the journal failed, and no `gap` record tells of them yet.
    var lost: Int64 = 0
  }

  struct List: Sendable {
    var version: Int64 = 0
    var count: Int = 0
    var error: String?
  }

  struct Reader: Sendable {
    var reads: UInt64 = 0
    var last: Timestamp?
  }

  private struct State {
    var journal = Journal()
    var list = List()
    var readers: [Reader]
    var faults: [String] = []
    var clock = LogRecord.Clock.untrusted
    var clockSeen: ClockPair?
    var boot: Int64 = 0
    var emergencyFault: String?
    var doorPeriods: [String: StoredPeriod]?
    var doorWords: [Int: String] = [:]
    var doorFault: String?
    var wearFault: String?
  }

  private let state: Mutex<State>

  init(readers: Int) {
    state = Mutex(State(readers: Array(repeating: Reader(), count: readers)))
  }

  var journal: Journal { state.withLock { $0.journal } }

  func updateJournal(_ change: (inout Journal) -> Void) {
    state.withLock { change(&$0.journal) }
  }

  var list: List { state.withLock { $0.list } }

  func updateList(_ change: (inout List) -> Void) {
    state.withLock { change(&$0.list) }
  }

  var readers: [Reader] { state.withLock { $0.readers } }

  func countRead(reader: Int, at time: Timestamp) {
    state.withLock {
      $0.readers[reader].reads += 1
      $0.readers[reader].last = time
    }
  }

  /// What is wrong at the start and stays so: no right to real time, a missing chip.
  var faults: [String] {
    get { state.withLock { $0.faults } }
    set { state.withLock { $0.faults = newValue } }
  }

  var clock: LogRecord.Clock {
    get { state.withLock { $0.clock } }
    set { state.withLock { $0.clock = newValue } }
  }

  /// What the clock watch saw, and when: what comes after a jump is not believed before it has looked again.
  func setClock(_ clock: LogRecord.Clock, seen: ClockPair) {
    state.withLock {
      $0.clock = clock
      $0.clockSeen = seen
    }
  }

  /// How far the wall clock can be believed at this very moment.
  func clock(wall: Int64, monotonic: UInt64) -> LogRecord.Clock {
    let (clock, seen) = state.withLock { ($0.clock, $0.clockSeen) }
    guard let seen, seen.isJump(to: ClockPair(wall: wall, monotonic: monotonic)) else { return clock }
    return .untrusted
  }

  /// Why the emergencies that hold would not outlive the machine; nil while they do.
  var emergencyFault: String? {
    get { state.withLock { $0.emergencyFault } }
    set { state.withLock { $0.emergencyFault = newValue } }
  }

  /// The doors' periods of free access, for ``DoorKeeper``; nil before the decision thread has looked at them.
  var doorPeriods: [String: StoredPeriod]? { state.withLock { $0.doorPeriods } }

  /// Why each door with schedules is as it is, by its place.
  var doorWords: [Int: String] { state.withLock { $0.doorWords } }

  func tellDoors(_ periods: [String: StoredPeriod], _ words: [Int: String]) {
    state.withLock {
      $0.doorPeriods = periods
      $0.doorWords = words
    }
  }

  /// Why the doors' modes would not outlive the controller; nil while they do.
  var doorFault: String? {
    get { state.withLock { $0.doorFault } }
    set { state.withLock { $0.doorFault = newValue } }
  }

  /// Why the counts and learned travels would not outlive the machine; nil while they do.
  var wearFault: String? {
    get { state.withLock { $0.wearFault } }
    set { state.withLock { $0.wearFault = newValue } }
  }

  var boot: Int64 {
    get { state.withLock { $0.boot } }
    set { state.withLock { $0.boot = newValue } }
  }
}
