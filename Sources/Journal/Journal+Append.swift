public import Messages

extension Journal {
  /// Writes the drafts, in order, and the changes that belong to them, in one transaction.
  ///
  /// Each draft gets the next seq, this gateway and this boot. Where the capacity would be passed, room is made first,
  /// and a gap record for what was dropped unacknowledged stands before the drafts.
  /// - Returns: every record written, gap records too.
  /// - Throws: ``StoreError``; nothing was written and the drafts may be given again.
  public func append(
    _ drafts: [LogRecord], passage: [PassageChange] = []
  ) throws(StoreError) -> [Appended] {
    precondition(drafts.count <= JournalLimits.group, "one append takes \(JournalLimits.group) drafts")
    guard !drafts.isEmpty || !passage.isEmpty else { return [] }
    return try write { (book) throws(StoreError) in
      if let moment = drafts.first, let dropped = try self.makeRoom(for: drafts.count, in: &book) {
        try self.insert(dropped.record(at: moment), into: &book)
      }
      for draft in drafts { try self.insert(draft, into: &book) }
      for change in passage { try self.statements.apply(change) }
    }
  }

  /// What a transaction changes of the journal in memory; it replaces the journal's own only after the commit.
  struct Book {
    var last: ChainLink
    var anchor: ChainLink
    var kept: Int
    var cursors: [RecordClass: Int64]
    var appended: [Appended] = []
  }

  func write(_ body: (inout Book) throws(StoreError) -> Void) throws(StoreError) -> [Appended] {
    do throws(StoreError) {
      var book = Book(last: last, anchor: anchor, kept: kept, cursors: cursors)
      try database.transaction { () throws(StoreError) in
        try body(&book)
        try self.reserve(through: book.last.seq)
      }
      last = book.last
      anchor = book.anchor
      kept = book.kept
      cursors = book.cursors
      return book.appended
    } catch {
      if error.kind == .damaged { rememberDamage() }
      throw error
    }
  }

  /// The seq file is written before the commit that needs it: a ceiling too high costs nothing.
  private func reserve(through seq: Int64) throws(StoreError) {
    guard seq > sequences.ceiling else { return }
    var raised = sequences
    raised.ceiling = seq + JournalLimits.reserve
    raised.acknowledged = acked
    try raised.write(in: directory)
    sequences = raised
  }

  /// The next open sets the file aside, whoever found that it is damaged. Where even this cannot be written, the next open finds the damage itself.
  public func rememberDamage() {
    sequences.damaged = true
    try? sequences.write(in: directory)
  }

  func insert(_ draft: LogRecord, into book: inout Book) throws(StoreError) {
    var record = draft
    record.gateway = gateway
    record.boot = boot
    let seq = book.last.seq + 1
    let bytes = record.encoded(seq: seq)
    let hash = Digest.chained(book.last.hash, Digest.of(bytes))
    try statements.insert(record, seq: seq, bytes: bytes, hash: hash)
    book.last = ChainLink(seq: seq, hash: hash)
    book.kept += 1
    book.appended.append(Appended(seq: seq, bytes: bytes, hash: hash))
  }
}
