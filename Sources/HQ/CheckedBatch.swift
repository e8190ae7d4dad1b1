import Journal
import Messages

/// A batch whose records were read and hashed, before the store is asked anything.
struct CheckedBatch {
  let batch: UplinkLogBatch
  /// The chain's hash of each record.
  let hashes: ChainHashes

  /// - Throws: ``MessageFault`` where a record is none, or says that it is another one than its place says.
  init(_ batch: UplinkLogBatch) throws(MessageFault) {
    self.batch = batch
    guard batch.last <= HQLimits.sequence else {
      throw MessageFault("seq \(batch.last) is beyond anything that a gateway can count to")
    }
    if let gap = batch.gap, gap.first < 1 || gap.last < gap.first {
      throw MessageFault("a gap from seq \(gap.first) to \(gap.last)")
    }
    let name = Array(batch.gateway.utf8)[...]
    var hashes = ChainHashes(after: batch.previous, expecting: batch.places.count)
    for (number, place) in batch.places.enumerated() {
      let seq = batch.first + Int64(number)
      let mark: RecordMark
      do throws(MessageFault) { mark = try batch.mark(number) } catch {
        throw MessageFault("seq \(seq): \(error)")
      }
      guard mark.seq == seq, batch.bytes[mark.gateway] == name else {
        let other = String(decoding: batch.bytes[mark.gateway], as: UTF8.self)
        throw MessageFault(
          "a record says that it is seq \(mark.seq) of '\(other)', and stands where seq \(seq) of "
            + "'\(batch.gateway)' does")
      }
      // The digest the chain was made with; of a redacted record the one that it carries.
      if let digest = mark.digest { hashes.add(digest: digest) } else { hashes.add(batch.bytes[place]) }
    }
    self.hashes = hashes
  }

  /// The place of a record in the batch.
  func place(of seq: Int64) -> Int { Int(seq - batch.first) }

  /// The link of the last record.
  var last: ChainLink { ChainLink(seq: batch.last, hash: Array(hashes[batch.places.count - 1])) }
}
