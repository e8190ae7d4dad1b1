import Platform
import Synchronization

/// How far the log had come, in memory that outlives this process: a page of a file in the run directory.
///
/// Its owner is the controller; a SIGKILL at any moment, to the guard too, leaves it for the next one, which tells by a
/// `gap` record what was handed in and never became durable, and knows which seq was the newest.
@safe final class JournalPage: @unchecked Sendable {
  /// One 64-bit word each.
  private enum Word: Int, CaseIterable {
    /// Whose page it is; 0: nobody's yet.
    case owner
    /// Above 48 bits: records handed in and not durable; below: the newest durable seq. One word, so that a commit
    /// changes both at once.
    case progress
    /// Records that found no room, and no `gap` record tells of them yet.
    case lost
    /// Wall-clock milliseconds of the first and the last of both.
    case since, until
  }

  /// What a controller before left.
  struct Rest: Sendable, Equatable {
    var last: Int64 = 0
    /// Handed in and never told as durable.
    var waiting: Int64 = 0
    var lost: Int64 = 0
    var since: Int64 = 0
    var until: Int64 = 0
  }

  private static var bytes: Int { 4_096 }
  private static var seqBits: UInt64 { 48 }
  private static var seqMask: UInt64 { 1 << seqBits - 1 }

  private let memory: SharedMemory
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  /// As it was found.
  let rest: Rest

  /// - Parameters:
  ///   - path: nil where nothing shall outlive the process.
  ///   - owner: the log that it belongs to; what stands there of another is dropped.
  init(path: String?, owner: String) throws(SystemError) {
    if let path {
      // Written, not only grown: a page for which the file system has no block would end the process.
      if Files.size(path) != Int64(Self.bytes) {
        try Files.write([UInt8](repeating: 0, count: Self.bytes), to: path, mode: 0o600)
      }
      memory = try SharedMemory.file(path: path, bytes: Self.bytes)
    } else {
      memory = try SharedMemory.anonymous(bytes: Self.bytes)
    }
    let words = unsafe memory.base.bindMemory(to: Atomic<UInt64>.self, capacity: Word.allCases.count)
    unsafe self.words = unsafe words
    func load(_ word: Word) -> UInt64 { unsafe words[word.rawValue].load(ordering: .acquiring) }
    let name = Self.number(of: owner)
    var found = Rest()
    if load(.owner) == name {
      found.last = Int64(load(.progress) & Self.seqMask)
      found.waiting = Int64(load(.progress) >> Self.seqBits)
      found.lost = Int64(clamping: load(.lost))
      found.since = Int64(clamping: load(.since))
      found.until = Int64(clamping: load(.until))
    }
    rest = found
    for word in Word.allCases { unsafe words[word.rawValue].store(0, ordering: .releasing) }
    unsafe words[Word.progress.rawValue].store(UInt64(found.last), ordering: .releasing)
    unsafe words[Word.owner.rawValue].store(name, ordering: .releasing)
  }

  /// FNV-1a, never 0.
  private static func number(of text: String) -> UInt64 {
    max(1, text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
  }

  private func word(_ word: Word) -> UnsafeMutablePointer<Atomic<UInt64>> { unsafe words + word.rawValue }

  /// A record was handed in; `wall` in milliseconds.
  func handedIn(wall: Int64) {
    noteTime(wall)
    _ = unsafe word(.progress).pointee.add(1 << Self.seqBits, ordering: .releasing)
  }

  /// The one handed in just now found no room: no `gap` record tells of it yet.
  func refused(wall: Int64) {
    _ = unsafe word(.lost).pointee.add(1, ordering: .releasing)
    _ = unsafe word(.progress).pointee.subtract(1 << Self.seqBits, ordering: .releasing)
  }

  /// What ``rest`` told of is not told by a `gap` record yet either.
  func inherited(_ count: Int64, since: Int64, until: Int64) {
    unsafe word(.since).pointee.store(UInt64(max(0, since)), ordering: .relaxed)
    unsafe word(.until).pointee.store(UInt64(max(0, until)), ordering: .relaxed)
    _ = unsafe word(.lost).pointee.add(UInt64(count), ordering: .releasing)
  }

  private func noteTime(_ wall: Int64) {
    if unsafe word(.progress).pointee.load(ordering: .relaxed) >> Self.seqBits == 0,
      unsafe word(.lost).pointee.load(ordering: .relaxed) == 0
    {
      unsafe word(.since).pointee.store(UInt64(max(0, wall)), ordering: .relaxed)
    }
    unsafe word(.until).pointee.store(UInt64(max(0, wall)), ordering: .relaxed)
  }

  /// So many of those handed in are durable, the newest seq is `last`. The journal's thread alone says so.
  func durable(_ count: Int, last: Int64) {
    let before = unsafe word(.progress).pointee.load(ordering: .acquiring) & Self.seqMask
    let change = UInt64(last) &- before &- UInt64(count) << Self.seqBits
    _ = unsafe word(.progress).pointee.wrappingAdd(change, ordering: .releasing)
  }

  /// A `gap` record that tells of so many is durable.
  func told(_ count: Int64) {
    _ = unsafe word(.lost).pointee.subtract(UInt64(count), ordering: .releasing)
  }
}
