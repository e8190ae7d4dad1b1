import Messages

extension Journal {
  /// Takes HQ's acknowledgement: everything up to and with `seq` is durable there.
  ///
  /// An older one than the last is of no consequence: acknowledgements may arrive late.
  /// - Throws: ``StoreError`` of kind `refused` where the seq was never given or the hash is not the chain's.
  public func acknowledge(through seq: Int64, hash: [UInt8]) throws(StoreError) {
    func refuse(_ text: String) -> StoreError {
      StoreError(kind: .refused, text: text, during: "acknowledge seq \(seq)")
    }
    guard seq >= 0, seq <= last.seq else { throw refuse("the newest seq is \(last.seq)") }
    guard let known = try LogReading.hash(of: seq, KeptStatements(database), anchor: anchor) else {
      if seq <= anchor.seq { return }
      throw refuse("the seq lies inside what was dropped")
    }
    guard known == hash else { throw refuse("the hash is not that of this seq") }
    guard seq > acked.seq else { return }
    let link = ChainLink(seq: seq, hash: hash)
    _ = try write { (_) throws(StoreError) in try Meta.set(.acknowledged, link, in: self.database) }
    acked = link
  }
}
