import Messages
import Platform

/// `gatehouse.seq`: what must survive the loss of the database, so that no seq is ever given twice.
///
/// It is written before seqs above its ceiling are used, aside and renamed, and read only at the next open.
struct SequenceFile: Equatable {
  /// No seq above it has ever been given.
  var ceiling: Int64 = 0
  var boot: Int64 = 0
  var acknowledged = ChainLink.origin
  /// The newest seq when the journal was closed in order; nil while it is open, and after a crash.
  var closedAt: Int64?
  /// SQLite found the database damaged while it was in use.
  var damaged = false

  static func path(in directory: String) -> String { "\(directory)/gatehouse.seq" }

  /// Nil where there is none, or none that can be read.
  static func read(in directory: String) -> SequenceFile? {
    guard let bytes = try? Files.read(path(in: directory), limit: 4_096),
      let value = try? JSONValue.parse(bytes),
      let ceiling = value["ceiling"]?.integerValue, ceiling >= 0, let boot = value["boot"]?.integerValue,
      boot >= 0,
      let seq = value["acked"]?.integerValue, seq >= 0,
      let hash = value["acked_hash"]?.stringValue.flatMap(Hex.bytes), hash.count == Digest.count,
      let damaged = value["damaged"]?.boolValue
    else { return nil }
    return SequenceFile(
      ceiling: ceiling, boot: boot, acknowledged: ChainLink(seq: seq, hash: hash),
      closedAt: value["closed_at"]?.integerValue, damaged: damaged)
  }

  /// Why the database cannot hold everything that was written to it; nil where nothing says so.
  func whatIsMissing(last: Int64, hasWriteAheadLog: Bool) -> String? {
    if last < acknowledged.seq { return "it ends at seq \(last), and HQ has seq \(acknowledged.seq)" }
    if let closedAt {
      return last < closedAt ? "an older copy was put back: it ends at seq \(last), not at \(closedAt)" : nil
    }
    if !hasWriteAheadLog { return "its write-ahead log is gone" }
    // In use the ceiling is never further ahead than one reserve and one group.
    let farthest = last + 2 * (JournalLimits.reserve + Int64(JournalLimits.group))
    return ceiling > farthest ? "an older copy was put back: it ends at seq \(last)" : nil
  }

  func write(in directory: String) throws(StoreError) {
    let value = JSONValue.object([
      ("ceiling", .integer(ceiling)), ("boot", .integer(boot)), ("acked", .integer(acknowledged.seq)),
      ("acked_hash", .string(Hex.text(acknowledged.hash))),
      ("closed_at", closedAt.map { .integer($0) } ?? .null), ("damaged", .bool(damaged)),
    ])
    let path = Self.path(in: directory)
    do throws(SystemError) {
      try Files.write(value.encoded() + [0x0A], to: path)
      try Files.syncDirectory(of: path)
    } catch {
      throw StoreError(error, during: "write \(path)")
    }
  }
}
