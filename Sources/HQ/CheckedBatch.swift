import Journal
import Messages

/// A batch whose records were read and hashed, before the store is asked anything.
struct CheckedBatch {
  struct Entry {
    var link: ChainLink
    var bytes: [UInt8]
    var facts: RecordFacts
  }

  let batch: UplinkLogBatch
  private(set) var entries: [Entry] = []

  /// - Throws: ``MessageFault`` where a record is none, or says that it is another one than its place says.
  init(_ batch: UplinkLogBatch) throws(MessageFault) {
    self.batch = batch
    guard batch.last <= HQLimits.sequence else {
      throw MessageFault("seq \(batch.last) is beyond anything that a gateway can count to")
    }
    if let gap = batch.gap, gap.first < 1 || gap.last < gap.first {
      throw MessageFault("a gap from seq \(gap.first) to \(gap.last)")
    }
    entries.reserveCapacity(batch.records.count)
    var link = ChainLink(seq: batch.first - 1, hash: batch.previous)
    for bytes in batch.records {
      let seq = link.seq + 1
      let head: RecordHead
      do throws(MessageFault) { head = try RecordHead(bytes) } catch {
        throw MessageFault("seq \(seq): \(error)")
      }
      guard head.seq == seq, head.gateway == batch.gateway else {
        throw MessageFault(
          "a record says that it is seq \(head.seq) of '\(head.gateway)', and stands where seq \(seq) of "
            + "'\(batch.gateway)' does")
      }
      // The digest the chain was made with; of a redacted record the one that it carries.
      link = ChainLink(seq: seq, hash: Digest.chained(link.hash, head.digest ?? Digest.of(bytes)))
      entries.append(Entry(link: link, bytes: bytes, facts: RecordFacts(head)))
    }
  }
}
