import AccessPolicy
import Journal
import Messages
import Platform
import Site

/// A list on its way in, piece by piece.
struct ListImport {
  var merge: Bool
  var skipBad: Bool
  /// HQ's number for it; nil: the next one.
  var version: Int64?
  var reader: AllowListReader
  var lastUse: UInt64

  init(merge: Bool, skipBad: Bool, version: Int64?, groupNames: [String], now: UInt64) {
    self.merge = merge
    self.skipBad = skipBad
    self.version = version
    reader = AllowListReader(groupNames: groupNames)
    lastUse = now
  }
}

extension ListThread {
  mutating func begin(_ started: ListImport, _ message: ListMessage) {
    guard imports.count < RuntimeLimits.importsAtOnce else {
      return message.reply.refuse("\(imports.count) imports are under way; finish those first")
    }
    lastImport += 1
    imports[lastImport] = started
    message.reply.done(["import": .integer(lastImport)])
  }

  mutating func feed(_ number: Int64, _ text: String, _ reply: ReplyAddress) {
    guard imports[number] != nil else { return reply.refuse("no import \(number) is under way") }
    imports[number]!.reader.feed(Array(text.utf8))
    imports[number]!.lastUse = MonotonicClock.now()
    reply.done(["rows": .integer(Int64(imports[number]!.reader.rowCount))])
  }

  /// Checked, stored, and only then in force; on any fault the list before stays.
  mutating func commit(_ number: Int64, _ message: ListMessage) {
    guard var incoming = imports.removeValue(forKey: number) else {
      return message.reply.refuse("no import \(number) is under way")
    }
    incoming.reader.finish()
    let faults = JSONValue.array(
      incoming.reader.faults.map { ["line": .integer(Int64($0.line)), "text": .string($0.text)] })
    if incoming.reader.faultCount > 0 && !incoming.skipBad {
      return message.reply.refuse(
        "\(incoming.reader.faultCount) rows cannot be taken; the list before stays",
        detail: ["faults": faults])
    }
    let current = slot.current
    let version = incoming.version ?? Int64(clamping: current.version) + 1
    guard version > Int64(clamping: current.version) else {
      return message.reply.refuse("version \(version) is not higher than the current \(current.version)")
    }
    let rows = incoming.merge ? merged(into: current, incoming.reader.takeRows()) : incoming.reader.takeRows()
    do throws(StoreError) {
      try store.save(StoredList(version: version, rows: rows.map { text.stored($0) }))
    } catch {
      return message.reply.refuse("\(error)")
    }
    put(ListSnapshot(rows: rows, version: UInt64(version), groups: site.policy.groups))
    noteImport(incoming, version, rows.count, message.person)
    message.reply.done([
      "version": .integer(version), "count": .integer(Int64(rows.count)), "skipped": faults,
    ])
  }

  /// New rows replace those of the same credential, in their place, and else follow.
  private func merged(into current: ListSnapshot, _ incoming: [ListRow]) -> [ListRow] {
    var rows = (0..<current.count).map { current.row(at: $0) }
    for row in incoming {
      if let place = current.lookup(row.credential) {
        rows[place] = row
      } else {
        rows.append(row)
      }
    }
    return rows
  }

  private func noteImport(_ incoming: ListImport, _ version: Int64, _ count: Int, _ person: Person) {
    var record = writer.draft(
      .operator,
      detail: [
        "verb": "list.commit", "user": .string(person.name), "uid": .integer(Int64(person.user)),
        "outcome": "accepted", "merge": .bool(incoming.merge), "count": .integer(Int64(count)),
        "skipped": .integer(Int64(incoming.reader.faultCount)),
      ])
    record.list = version
    desk.submit(record)
  }
}
