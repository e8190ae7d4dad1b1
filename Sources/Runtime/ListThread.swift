import AccessPolicy
import ControlCore
import Journal
import Messages
import Platform
import Site

/// The owner of `list.db`: loads the list, builds new ones aside, checks and stores them, and swaps them in.
struct ListThread: ~Copyable {
  let site: SiteDescription
  let slot: ListSlot
  let status: StatusBoard
  let desk: JournalDesk
  let writer: RecordWriter
  let text: ListText
  let store: ListStore
  let past: ListPast
  var hasBegunPast = false
  var nextForget: UInt64 = 0
  let loader: ListLoader
  var imports: [Int64: ListImport] = [:]
  var lastImport: Int64 = 0
  private let inbox: Inbox<ListMessage>
  private var retired = RetiredLists()

  init(
    site: SiteDescription, inbox: Inbox<ListMessage>, slot: ListSlot, status: StatusBoard, desk: JournalDesk,
    writer: RecordWriter, stateDirectory: String
  ) {
    self.site = site
    self.inbox = inbox
    self.slot = slot
    self.status = status
    self.desk = desk
    self.writer = writer
    text = ListText(groupNames: site.policy.groups.map(\.name))
    loader = ListLoader(groups: site.policy.groups, directory: stateDirectory)
    store = ListStore(directory: stateDirectory)
    past = ListPast(directory: stateDirectory)
  }

  mutating func run(while goesOn: () -> Bool) {
    load()
    while goesOn() {
      inbox.wait(milliseconds: 500)
      for message in inbox.takeAll() { answer(message) }
      lookAfterPast()
      retired.free()
    }
  }

  /// What is not there or not whole is told; until a new list comes, nobody is known.
  private mutating func load() {
    defer { slot.settle() }
    do throws(StoreError) {
      guard let loaded = try loader.load() else { return }
      put(loaded.list)
      if let damage = loaded.damage { noteDamage(damage) }
    } catch {
      StandardError.write("gatehoused: list: \(error)")
      status.updateList { $0.error = "\(error)" }
    }
  }

  /// Not what was written: perhaps the card wears out. The list itself was whole.
  private func noteDamage(_ why: String) {
    StandardError.write("gatehoused: list: \(loader.imagePath): \(why); made anew from list.db")
    desk.submit(
      writer.draft(.system, detail: ["event": "list-image-damaged", "why": .string(why)]))
  }

  mutating func put(_ list: ListSnapshot) {
    let before = slot.replace(with: list)
    status.updateList { line in
      line.version = Int64(clamping: list.version)
      line.count = list.count
      line.error = nil
    }
    retired.add(before)
  }

  private mutating func answer(_ message: ListMessage) {
    let now = MonotonicClock.now()
    imports = imports.filter { now < $0.value.lastUse + RuntimeLimits.importLife.nanoseconds }
    switch message.question {
    case .begin(let merge, let skipBad, let version):
      begin(
        ListImport(merge: merge, skipBad: skipBad, version: version, groupNames: text.groupNames, now: now),
        message)
    case .rows(let number, let text): feed(number, text, message.reply)
    case .commit(let number): commit(number, message)
    case .lookup(let credential): lookup(credential, message.reply)
    case .export(let afterRow, let limit): export(afterRow, limit, message.reply)
    }
  }

  private func export(_ afterRow: Int, _ limit: Int, _ reply: ReplyAddress) {
    let list = slot.current
    let end = min(list.count, afterRow + limit)
    let lines = (min(afterRow, end)..<end).map { place in
      JSONValue.string(AllowListText.line(list.row(at: place), groupNames: text.groupNames))
    }
    var members: [(key: String, value: JSONValue)] = [
      ("rows", .array(lines)), ("version", .integer(Int64(clamping: list.version))),
    ]
    if end < list.count { members.append(("next", .integer(Int64(end)))) }
    reply.done(.object(members))
  }

  private func lookup(_ credential: String, _ reply: ReplyAddress) {
    do throws(CredentialFault) {
      let key = try CredentialKey.parse(credential)
      let list = slot.current
      reply.done(list.lookup(key).map { json(list.row(at: $0)) } ?? .null)
    } catch {
      reply.refuse("\(error)")
    }
  }

  private func json(_ row: ListRow) -> JSONValue {
    func time(_ moment: Int64?) -> JSONValue {
      moment.map { .string(Timestamp(milliseconds: $0).description) } ?? .null
    }
    return [
      "credential": .string("\(row.credential)"), "holder": .string(row.holder),
      "groups": .array(row.groups.map { .string(site.policy.groups[$0].name) }),
      "valid_from": time(row.validFrom), "valid_until": time(row.validUntil),
      "uses": row.uses.map { .integer(Int64($0)) } ?? .null,
      "flags": .array(text.flags(row.flags).split(separator: ";").map { .string(String($0)) }),
    ]
  }
}
