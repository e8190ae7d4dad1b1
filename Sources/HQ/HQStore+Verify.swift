public import Journal
import Messages

extension HQStore {
  /// Recomputes the chain over every record of a gateway from its bytes, from seq 1 to the newest that the value knows:
  /// the store may grow meanwhile.
  public func verify(_ gateway: StoredGateway) throws(StoreError) -> ChainVerdict {
    let gaps = try gapLinks(of: gateway)
    var link = ChainLink.origin
    var count: Int64 = 0
    func cross() {
      while let gap = gaps.first(where: { $0.first == link.seq + 1 }) { link = gap.last }
    }
    cross()
    while true {
      let records = try records(of: gateway, after: link.seq, limit: 4_096)
      for record in records where record.seq <= gateway.through.seq {
        guard record.seq == link.seq + 1 else {
          return .broken(seq: link.seq + 1, why: "it is missing, and no gap was told")
        }
        guard Digest.chained(link.hash, Self.digest(record.bytes)) == record.hash else {
          return .broken(seq: record.seq, why: "its hash does not follow from its bytes and the one before")
        }
        link = ChainLink(seq: record.seq, hash: record.hash)
        count += 1
        cross()
      }
      guard let last = records.last, last.seq < gateway.through.seq else { break }
    }
    guard link == gateway.through else {
      return .broken(
        seq: link.seq + 1, why: "seq \(gateway.through.seq) was acknowledged, and it ends before")
    }
    return .intact(records: count)
  }

  private static func digest(_ bytes: [UInt8]) -> [UInt8] {
    (try? RecordMark(bytes, at: bytes.indices))?.digest ?? Digest.of(bytes)
  }
}
