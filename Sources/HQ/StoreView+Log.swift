import Glibc
import Journal
import Messages
import Platform

extension StoreView {
  /// The records verbatim, one a line; with `--csv` as a table.
  func log(_ name: String) throws -> Int32 {
    let gateway = try gateway(name)
    let query = try query()
    let csv = options.has("--csv")
    if csv { print(ExportFormat.csv.head, terminator: "") }
    try store.each(query, of: gateway) { (record) throws(StoreError) in
      if csv {
        print(ExportFormat.csv.text(record, of: gateway), terminator: "")
      } else {
        print(String(decoding: record.bytes, as: UTF8.self))
      }
    }
    return 0
  }

  /// `export csv|jsonl [FILE]`: every record asked for, gateway by gateway.
  func export(_ word: String, _ path: String?) throws -> Int32 {
    guard let format = ExportFormat(rawValue: word) else { throw ProgramMisuse("export is csv or jsonl") }
    let query = try query()
    let gateways = try selected()
    guard let path else {
      print(format.head, terminator: "")
      for gateway in gateways {
        try store.each(query, of: gateway) { (record) throws(StoreError) in
          print(format.text(record, of: gateway), terminator: "")
        }
      }
      return 0
    }
    var output = try OutputFile(path)
    var count = 0
    output.add(format.head)
    for gateway in gateways {
      try store.each(query, of: gateway) { (record) throws(StoreError) in
        output.add(format.text(record, of: gateway))
        count += 1
        do throws(SystemError) { try output.flushWhereLarge() } catch {
          throw StoreError(error, during: "write \(path)")
        }
      }
    }
    try output.finish()
    print(json ? JSONValue.object([("records", .integer(Int64(count)))]).text : "\(count) records in \(path)")
    return 0
  }

  /// `verify GATEWAY` or `verify --all`; exit code 1 where one chain is broken.
  func verify(_ name: String?) throws -> Int32 {
    let gateways = try name.map { [try gateway($0)] } ?? store.gateways()
    var isWhole = true
    for gateway in gateways {
      let gaps = try store.gaps(of: gateway)
      let verdict = try store.verify(gateway)
      if case .broken = verdict { isWhole = false }
      let before = name == nil ? "\(gateway.fullName): " : ""
      print(json ? answer(gateway, verdict, gaps).text : before + text(verdict, gaps))
    }
    return isWhole ? 0 : 1
  }

  private func text(_ verdict: ChainVerdict, _ gaps: [ClosedRange<Int64>]) -> String {
    switch verdict {
    case .intact(let records):
      "\(records) records, chain intact\(gaps.isEmpty ? "" : ", \(gaps.count) gaps told by the gateway")"
    case .broken(let seq, let why): "broken at seq \(seq): \(why)"
    }
  }

  private func answer(
    _ gateway: StoredGateway, _ verdict: ChainVerdict, _ gaps: [ClosedRange<Int64>]
  ) -> JSONValue {
    let name: [(key: String, value: JSONValue)] = [
      ("site", .string(gateway.site)), ("gateway", .string(gateway.name)),
    ]
    switch verdict {
    case .intact(let records):
      return .object(
        [("ok", true), ("records", .integer(records)), ("gaps", .integer(Int64(gaps.count)))] + name)
    case .broken(let seq, let why):
      return .object([("ok", false), ("first_broken", .integer(seq)), ("why", .string(why))] + name)
    }
  }
}

/// A file that is written aside and takes its name when it is whole; what is not is removed.
struct OutputFile: ~Copyable {
  private let file: FileDescriptor
  private let path: String
  private var waiting: [UInt8] = []
  private var isWhole = false

  init(_ path: String) throws(SystemError) {
    self.path = path
    file = try FileDescriptor.open(path: "\(path).new", flags: O_WRONLY | O_CREAT | O_TRUNC)
  }

  mutating func add(_ text: String) {
    waiting += text.utf8
  }

  mutating func flushWhereLarge() throws(SystemError) {
    guard waiting.count >= 1 << 20 else { return }
    try file.writeAll(waiting)
    waiting.removeAll(keepingCapacity: true)
  }

  consuming func finish() throws(SystemError) {
    try file.writeAll(waiting)
    try Files.move("\(path).new", to: path)
    isWhole = true
  }

  deinit {
    if !isWhole { Files.remove("\(path).new") }
  }
}
