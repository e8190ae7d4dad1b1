import Platform
import Testing

@testable import Journal

@Suite struct ListStoreTests {
  private let rows: [StoredListRow] = (0..<500).map { (number: Int) -> StoredListRow in
    var row = StoredListRow(
      credential: "plate:京A\(number)", holder: "unit \"\(number)\"", groups: "residents;staff")
    if number % 2 == 0 { row.terms.validFrom = Int64(number) }
    if number % 3 == 0 { row.terms.validUntil = .max }
    if number % 5 == 0 { row.terms.uses = 1 }
    if number % 7 == 0 { row.terms.flags = "deny" }
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
    let rowsBefore = try Self.saveRowByRow(StoredList(version: 1, rows: rows), store)
    for (file, sql) in [
      (rowsBefore, "DELETE FROM row WHERE place = 7"),
      (rowsBefore, "UPDATE row SET flags = '' WHERE place = 7"), (rowsBefore, "DELETE FROM list"),
      (rowsBefore, "UPDATE list SET count = 499"),
      (rowsBefore, "UPDATE row SET valid_until = NULL WHERE place = 6"),
      (rowsBefore, "UPDATE row SET holder = 'x', groups = 'unit' WHERE place = 1"),
      (rowsBefore, "PRAGMA application_id = 1"), (whole, "PRAGMA application_id = 1"),
      (whole, "DELETE FROM list"), (whole, "DELETE FROM block"), (whole, "UPDATE list SET count = 499"),
      (whole, "UPDATE list SET count = 501"), (whole, "UPDATE list SET version = 2"),
      (whole, "UPDATE list SET digest = zeroblob(32)"), (whole, "UPDATE list SET digest = zeroblob(31)"),
      (whole, "UPDATE block SET rows = substr(rows, 1, length(rows) - 1)"),
      (whole, "UPDATE block SET rows = rows || x'00'"), (whole, "UPDATE block SET rows = x''"),
      (whole, "UPDATE block SET rows = 17"), (whole, "INSERT INTO block(rows) SELECT rows FROM block"),
    ] {
      try Files.write(file, to: store.path)
      do { try Database(path: store.path, mode: .readWrite).execute(sql) }
      try expectDamaged(sql)
    }
  }

  @Test func theFormatBeforeIsRead() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    for list in [StoredList(version: 7, rows: rows), StoredList(version: 8, rows: [])] {
      try Files.write(try Self.saveRowByRow(list, store), to: store.path)
      #expect(try store.head()?.version == list.version)
      #expect(try store.load() == list)
    }
    try store.save(StoredList(version: 9, rows: rows))
    #expect(try store.load() == StoredList(version: 9, rows: rows))
  }

  @Test func aFormatToComeIsToldAndLeftAlone() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    try store.save(StoredList(version: 1, rows: rows))
    do { try Database(path: store.path, mode: .readWrite).execute("PRAGMA user_version = 3") }
    let error = #expect(throws: StoreError.self) { try store.load() }
    #expect(error?.kind == .other && error?.text.contains("format 3") == true)
    #expect(Files.exists(store.path))
  }

  @Test func aListOfManyBlocksComesBackInItsOrder() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    let many = StoredList(
      version: 1,
      rows: (0..<10_000).map { number in
        StoredListRow(
          credential: "card:H10301/1/\(number)", holder: String(repeating: "é", count: number % 150),
          groups: number % 3 == 0 ? "a;b" : "c", validFrom: number % 2 == 0 ? nil : Int64(number),
          uses: number % 5 == 0 ? .min : nil)
      })
    try store.save(many)
    #expect(try Database(path: store.path, mode: .readOnly).integer("SELECT count(*) FROM block") ?? 0 > 10)
    #expect(try store.load() == many)
    let tooLong = StoredListRow(
      credential: "card:1", holder: String(repeating: "x", count: JournalLimits.listRowBytes))
    let error = #expect(throws: StoreError.self) {
      try store.save(StoredList(version: 2, rows: many.rows + [tooLong]))
    }
    #expect(error?.kind == .refused && error?.text.contains("row 10001") == true)
    #expect(try store.load()?.version == 1)
  }

  /// Each byte of a whole file in turn, of those that are zero one in some: either it is noticed, or nothing of the
  /// list hangs on it.
  @Test func everyByteOfTheFileIsProven() throws {
    let place = try TemporaryDirectory(prefix: "list")
    let store = ListStore(directory: place.path)
    let list = StoredList(version: 77, rows: Array(rows[..<10]))
    try store.save(list)
    let whole = try Files.read(store.path, limit: 1 << 24)
    var noticed = 0
    for byte in whole.indices where whole[byte] != 0 || byte % 61 == 0 {
      var bytes = whole
      bytes[byte] ^= UInt8(1 << (byte % 8))
      try Files.write(bytes, to: store.path)
      do throws(StoreError) {
        #expect(try store.load() == list, "byte \(byte)")
      } catch {
        noticed += 1
      }
      for name in try Files.list(place.path) { Files.remove("\(place.path)/\(name)") }
    }
    #expect(noticed > 400)
  }

  /// Whatever a block holds, reading it ends, and stays within it.
  @Test(arguments: [UInt64(1), 417]) func aBlockOfAnythingIsReadOrRefused(_ seed: UInt64) {
    var state = seed
    func next(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    var writer = ListBlock.Writer()
    for row in rows[..<60] { writer.add(row) }
    var (read, refused) = (0, 0)
    for _ in 0..<4_000 {
      var bytes = writer.bytes
      for _ in 0...next(3) { bytes[next(bytes.count)] = UInt8(next(256)) }
      bytes.removeLast(next(4) == 0 ? next(bytes.count) : 0)
      var seen = SeenRows()
      let count = ListBlock.read(bytes.span, limit: 1_000, to: &seen)
      if let count { #expect(count == seen.rows, "seed \(seed)") }
      if count == nil { refused += 1 } else { read += 1 }
    }
    #expect(read > 100 && refused > 100)
    var seen = SeenRows()
    #expect(ListBlock.read(writer.bytes.span, limit: 59, to: &seen) == nil)
    #expect(ListBlock.read(writer.bytes.span, limit: 60, to: &seen) == 60)
    // Lengths beyond what a number may tell.
    for bytes: [UInt8] in [
      [0, 255, 255, 255, 255, 255], [128], [0, 3, 65], [1, 0, 0], [0, 0, 0, 8, 0, 0],
    ] {
      #expect(ListBlock.read(bytes.span, limit: 60, to: &seen) == nil, "\(bytes)")
    }
  }

  /// A file of the format before.
  private static func saveRowByRow(_ list: StoredList, _ store: ListStore) throws -> [UInt8] {
    Files.remove(store.path)
    do {
      let database = try Database(path: store.path, mode: .readWrite)
      try database.execute(
        """
        CREATE TABLE list(version INTEGER NOT NULL, count INTEGER NOT NULL, digest BLOB NOT NULL);
        CREATE TABLE row(place INTEGER PRIMARY KEY, credential TEXT NOT NULL, holder TEXT NOT NULL,
          groups TEXT NOT NULL, valid_from INTEGER, valid_until INTEGER, uses INTEGER, flags TEXT NOT NULL);
        PRAGMA application_id = \(0x4768_4C31);
        """)
      let digest = RunningDigest()
      let insert = try database.prepare("INSERT INTO row VALUES(?, ?, ?, ?, ?, ?, ?, ?)")
      try database.transaction { () throws(StoreError) in
        for (place, row) in list.rows.enumerated() {
          digest.add(row.canonical)
          try insert.bind(1, Int64(place))
          for (column, text) in [
            (2, row.credential), (3, row.holder), (4, row.terms.groups), (8, row.terms.flags),
          ] {
            try insert.bind(Int32(column), text)
          }
          for (column, number) in [(5, row.terms.validFrom), (6, row.terms.validUntil), (7, row.terms.uses)] {
            try insert.bind(Int32(column), number)
          }
          try insert.run()
        }
        let head = try database.prepare("INSERT INTO list VALUES(\(list.version), \(list.rows.count), ?)")
        try head.bind(1, digest.finish())
        try head.run()
      }
    }
    return try Files.read(store.path, limit: 1 << 24)
  }
}

/// Counts, and touches every byte.
private struct SeenRows: StoredListReceiver {
  var rows: Int64 = 0
  var sum = 0
  private var known = 0

  mutating func terms(_ terms: StoredListTerms) -> Int {
    known += 1
    return known
  }

  mutating func row(credential: Span<UInt8>, holder: Span<UInt8>, terms: Int) {
    #expect(terms >= 1 && terms <= known)
    rows += 1
    for place in credential.indices { sum += Int(credential[place]) }
    for place in holder.indices { sum += Int(holder[place]) }
  }
}
