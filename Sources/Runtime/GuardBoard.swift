import Platform
import Synchronization

/// The page that guard and controller share across `fork`: one writes a word, the other reads it.
///
/// It outlives every controller, so that the next one learns what became of the last.
@safe final class GuardBoard: @unchecked Sendable {
  /// One 64-bit word each.
  enum Word: Int, CaseIterable {
    // Written by the controller.
    case phase, beats, beatAt, busProgress, journalProgress, scans
    /// How many faults `status` tells.
    case degraded
    /// A bit for each GPIO chip whose lines fail.
    case chipSuspects
    /// The plans that hold, as `HeldEmergencies` packs them: told by every scan, kept over every restart.
    case emergencies
    // Written by the guard.
    case request, restarts, cause, causeNumber, safeMicroseconds, endedAt
  }

  enum Phase: UInt64 {
    /// Forked; the heartbeat does not count yet.
    case starting
    /// The first scan is done: from here on silence is death.
    case scanning
    /// Sockets and journal are up too.
    case ready
    /// Asked to stop, or ending by itself in order.
    case stopping
  }

  enum Request: UInt64 {
    case none, stop
  }

  private static var wordBytes: Int { 512 }
  private static var textBytes: Int { 512 }
  private let memory: SharedMemory
  private let words: UnsafeMutablePointer<Atomic<UInt64>>

  init() throws(SystemError) {
    precondition(Word.allCases.count * 8 <= Self.wordBytes)
    memory = try SharedMemory.anonymous(bytes: 4_096)
    unsafe words = memory.base.bindMemory(to: Atomic<UInt64>.self, capacity: Word.allCases.count)
    for word in Word.allCases { unsafe (words + word.rawValue).initialize(to: Atomic(0)) }
  }

  subscript(word: Word) -> UInt64 {
    get { unsafe words[word.rawValue].load(ordering: .acquiring) }
    set { unsafe words[word.rawValue].store(newValue, ordering: .releasing) }
  }

  var phase: Phase {
    get { Phase(rawValue: self[.phase]) ?? .starting }
    set { self[.phase] = newValue.rawValue }
  }

  var stopRequested: Bool { self[.request] == Request.stop.rawValue }

  /// The scan's sign of life.
  func beat(at now: UInt64) {
    unsafe words[Word.beatAt.rawValue].store(now, ordering: .releasing)
    unsafe words[Word.beats.rawValue].add(1, ordering: .releasing)
  }

  /// Before a fork.
  func prepareStart() {
    let board = self
    board[.phase] = Phase.starting.rawValue
    board[.request] = Request.none.rawValue
    board[.beatAt] = MonotonicClock.now()
    board.lastWords = ""
  }

  /// Why the controller gave up, in its own words; cut to what the page holds.
  var lastWords: String {
    get { text(at: Self.wordBytes) }
    set { put(newValue, at: Self.wordBytes) }
  }

  /// Which outputs the guard could not bring to their safe levels; empty where all are.
  var unsafeOutputs: String {
    get { text(at: Self.wordBytes + Self.textBytes) }
    set { put(newValue, at: Self.wordBytes + Self.textBytes) }
  }

  private func text(at offset: Int) -> String {
    let bytes = unsafe UnsafeRawBufferPointer(start: memory.base + offset, count: Self.textBytes)
    return unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
  }

  private func put(_ text: String, at offset: Int) {
    var kept = text
    while kept.utf8.count >= Self.textBytes { kept.removeLast() }
    let room = unsafe UnsafeMutableRawBufferPointer(start: memory.base + offset, count: Self.textBytes)
    unsafe room.copyBytes(from: Array(kept.utf8) + [0])
  }
}
