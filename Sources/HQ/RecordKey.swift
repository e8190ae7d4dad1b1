/// The key of a record in the store: the gateway's number above, the seq below. Records of one gateway lie together, in
/// order, and each can be there once.
enum RecordKey {
  /// Bits of the seq; 15 are left for the gateway.
  static var seqBits: Int64 { 48 }

  static func of(_ gateway: StoredGateway, _ seq: Int64) -> Int64 {
    precondition(gateway.id > 0 && gateway.id < 1 << 15 && seq >= 0 && seq <= HQLimits.sequence)
    return gateway.id << seqBits | seq
  }

  /// Every record of a gateway after a seq.
  static func after(_ seq: Int64, of gateway: StoredGateway) -> ClosedRange<Int64> {
    of(gateway, min(max(0, seq), HQLimits.sequence - 1) + 1)...of(gateway, HQLimits.sequence)
  }

  static func seq(_ key: Int64) -> Int64 { key & (1 << seqBits - 1) }
}
