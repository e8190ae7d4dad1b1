import Journal
import Platform
import Testing

@Suite struct ListStoreTests {
  private let rows: [StoredListRow] = (0..<500).map { (number: Int) -> StoredListRow in
    var row = StoredListRow(
      credential: "plate:京A\(number)", holder: "unit \"\(number)\"", groups: "residents;staff")
    if number % 2 == 0 { row.validFrom = Int64(number) }
    if number % 3 == 0 { row.validUntil = .max }
    if number % 5 == 0 { row.uses = 1 }
    if number % 7 == 0 { row.flags = "deny" }
    return row
  }

  @Test func versionsReplaceEachOther() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    #expect(try store.load() == nil)
    for version in [
      StoredList(version: 42, rows: rows), StoredList(version: 43, rows: []),
      StoredList(version: 44, rows: [rows[3]]),
    ] {
      try store.save(version)
      #expect(try store.load() == version)
    }
    #expect(try Files.list(place.path) == ["list.db"])
  }

  @Test func aSaveThatFailsLeavesTheVersionBefore() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    try store.save(StoredList(version: 1, rows: rows))
    let tooMany = StoredList(
      version: 2,
      rows: Array(repeating: StoredListRow(credential: "card:1"), count: JournalLimits.listRows + 1))
    let error = #expect(throws: StoreError.self) { try store.save(tooMany) }
    #expect(error?.kind == .refused)
    #expect(try store.load()?.version == 1)
    let elsewhere = ListStore(directory: "\(place.path)/missing")
    #expect(throws: StoreError.self) { try elsewhere.save(StoredList(version: 2, rows: [])) }
  }

  @Test func leftoversOfACutOffSaveDoNotMatter() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    try Files.write(Array("half a list".utf8), to: store.path + ".new")
    try Files.write(Array("half a journal".utf8), to: store.path + ".new-journal")
    try store.save(StoredList(version: 1, rows: rows))
    #expect(try store.load()?.rows == rows)
  }

  @Test func everyDamageIsFoundAndSetAside() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    try store.save(StoredList(version: 1, rows: rows))
    let whole = try Files.read(store.path, limit: 1 << 24)
    var number = 0
    func expectDamaged(_ what: String) throws {
      number += 1
      let error = #expect(throws: StoreError.self, "\(what)") { try store.load() }
      #expect(error?.kind == .damaged, "\(what)")
      #expect(Files.exists("\(store.path).damaged-\(number)"), "\(what)")
      #expect(try store.load() == nil)
    }
    for cut in [0, 100, 5_000, whole.count - 1] {
      try Files.write(Array(whole.prefix(cut)), to: store.path)
      try expectDamaged("cut at \(cut)")
    }
    for sql in [
      "DELETE FROM row WHERE place = 7", "UPDATE row SET flags = '' WHERE place = 7", "DELETE FROM list",
      "UPDATE list SET count = 499", "UPDATE row SET valid_until = NULL WHERE place = 6",
      "UPDATE row SET holder = 'x', groups = 'unit' WHERE place = 1", "PRAGMA application_id = 1",
    ] {
      try Files.write(whole, to: store.path)
      do { try Database(path: store.path, mode: .readWrite).execute(sql) }
      try expectDamaged(sql)
    }
  }
}
