import AccessPolicy
import Journal
import Messages
import Platform
import Site

/// A list on its way in, piece by piece; a million rows stand in memory once.
struct ListImport {
  var merge: Bool
  var skipBad: Bool
  /// HQ's number for it; nil: the next one.
  var version: Int64?
  var reader: AllowListReader
  /// Read so far, without a fault.
  var rows: [StoredListRow] = []
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

  mutating func feed(_ number: Int64, _ piece: String, _ reply: ReplyAddress) {
    // Taken out and put back, so that its rows are changed where they are and not copied.
    guard var incoming = imports.removeValue(forKey: number) else {
      return reply.refuse("no import \(number) is under way")
    }
    incoming.reader.feed(Array(piece.utf8))
    takeRows(&incoming)
    incoming.lastUse = MonotonicClock.now()
    reply.done(["rows": .integer(Int64(incoming.reader.rowCount))])
    imports[number] = incoming
  }

  private func takeRows(_ incoming: inout ListImport) {
    for row in incoming.reader.takeRows() { incoming.rows.append(text.stored(row)) }
  }

  /// Checked, stored, and only then in force; on any fault the list before stays.
  mutating func commit(_ number: Int64, _ message: ListMessage) {
    guard var incoming = imports.removeValue(forKey: number) else {
      return message.reply.refuse("no import \(number) is under way")
    }
    incoming.reader.finish()
    takeRows(&incoming)
    let (faultCount, faults) = (incoming.reader.faultCount, incoming.reader.faults)
    let told = JSONValue.array(faults.map { ["line": .integer(Int64($0.line)), "text": .string($0.text)] })
    if faultCount > 0 && !incoming.skipBad {
      return message.reply.refuse(
        "\(faultCount) rows cannot be taken; the list before stays", detail: ["faults": told])
    }
    let current = slot.current
    let version = incoming.version ?? min(Int64(clamping: current.version), MessageLimits.listVersion) + 1
    guard version > Int64(clamping: current.version) else {
      return message.reply.refuse("version \(version) is not higher than the current \(current.version)")
    }
    guard version <= MessageLimits.listVersion else {
      return message.reply.refuse(
        "the list has version \(current.version), and none can be higher: stop gatehoused, remove list.db and "
          + "list.image from its state directory, start it and import the list again")
    }
    // What the reader remembers of every credential is not needed any more.
    incoming.reader = AllowListReader(groupNames: [])
    if incoming.merge { merge(into: current, &incoming.rows) }
    let list = StoredList(version: version, rows: incoming.rows)
    incoming.rows = []
    let next = loader.snapshot(of: list)
    notePast(of: next)
    let digest: [UInt8]
    do throws(StoreError) {
      digest = try store.save(list)
    } catch {
      takeBackPast(of: next)
      return message.reply.refuse("\(error)")
    }
    put(next)
    noteImport(incoming, version, list.rows.count, skipped: faultCount, message.person)
    message.reply.done([
      "version": .integer(version), "count": .integer(Int64(list.rows.count)), "skipped": told,
    ])
    loader.keepImage(next, digest: digest)
  }

  /// New rows replace those of the same credential, in their place, and else follow.
  private func merge(into current: ListSnapshot, _ incoming: inout [StoredListRow]) {
    var rows = (0..<current.count).map { text.stored(current.row(at: $0)) }
    for row in incoming {
      if let key = try? CredentialKey.parse(stored: row.credential), let place = current.lookup(key) {
        rows[place] = row
      } else {
        rows.append(row)
      }
    }
    incoming = rows
  }

  private func noteImport(
    _ incoming: ListImport, _ version: Int64, _ count: Int, skipped: Int, _ person: Person
  ) {
    var record = writer.draft(
      .operator,
      detail: [
        "verb": "list.commit", "user": .string(person.name), "uid": .integer(Int64(person.user)),
        "outcome": "accepted", "merge": .bool(incoming.merge), "count": .integer(Int64(count)),
        "skipped": .integer(Int64(skipped)),
      ])
    record.list = version
    desk.submit(record)
  }
}
