extension ListStore {
  /// The format before: each row of the list is one of the table. It is read for as long as the next list has not come.
  static func scanRows<Receiver: StoredListReceiver & ~Copyable>(
    _ database: Database, _ head: Head, to receiver: inout Receiver
  ) throws(StoreError) -> Head {
    func damaged(_ text: String) -> StoreError { Self.damaged(text, database.path) }
    // Its digest is over the rows alone, not over the version.
    let check = try database.prepare("PRAGMA quick_check(1)")
    guard try check.step(), check.text(0) == "ok" else { throw damaged("quick_check says \(check.text(0))") }
    check.reset()
    let digest = RunningDigest()
    var found: Int64 = 0
    let rows = try database.prepare(
      "SELECT credential, holder, groups, valid_from, valid_until, uses, flags FROM row ORDER BY place")
    while try rows.step() {
      let row = StoredListRow(
        credential: rows.text(0), holder: rows.text(1), groups: rows.text(2),
        validFrom: rows.optionalInteger(3),
        validUntil: rows.optionalInteger(4), uses: rows.optionalInteger(5), flags: rows.text(6))
      digest.add(row.canonical)
      found += 1
      guard found <= head.count, found <= JournalLimits.listRows else {
        throw damaged("more rows than were saved")
      }
      let (credential, holder) = (Array(row.credential.utf8), Array(row.holder.utf8))
      receiver.row(credential: credential.span, holder: holder.span, terms: receiver.terms(row.terms))
    }
    guard found == head.count else { throw damaged("\(found) rows, \(head.count) were saved") }
    guard digest.finish() == head.digest else { throw damaged("the rows do not fit their SHA-256") }
    return head
  }
}

extension StoredListRow {
  /// What the digest of that format is taken over: fields with their lengths before them, so that none runs into the
  /// next.
  var canonical: [UInt8] {
    var bytes: [UInt8] = []
    for text in [credential, holder, terms.groups, terms.flags] {
      bytes.append(contentsOf: "\(text.utf8.count):".utf8)
      bytes.append(contentsOf: text.utf8)
    }
    for number in [terms.validFrom, terms.validUntil, terms.uses] {
      bytes.append(contentsOf: (number.map { "\($0);" } ?? "-;").utf8)
    }
    return bytes
  }
}
