import Journal
import Messages
import Platform

/// What a person asks of the store.
struct StoreView {
  let store: HQStore
  let options: ProgramOptions
  /// Milliseconds since 1970.
  let now: Int64

  init(
    _ options: ProgramOptions, mode: Database.Mode = .readOnly, now: Int64 = WallClock.milliseconds()
  ) throws(StoreError) {
    store = try HQStore(path: options["--store"] ?? "hq.db", mode: mode)
    self.options = options
    self.now = now
  }

  var json: Bool { options.has("--json") }

  func gateway(_ name: String) throws -> StoredGateway {
    let found = try store.gateways(named: name)
    guard let gateway = found.first, found.count == 1 else {
      let why = found.isEmpty ? "never spoke here" : "stands for several: say SITE/\(name)"
      throw MessageFault("'\(PlainText.of(name))' \(why)")
    }
    return gateway
  }

  /// Those of `--gateway G,G…` and `--site S`; every gateway where neither stands.
  func selected() throws -> [StoredGateway] {
    if let names = options["--gateway"] {
      return try names.split(separator: ",").map { try gateway(String($0)) }
    }
    let all = try store.gateways()
    guard let site = options["--site"] else { return all }
    let found = all.filter { $0.site == site }
    guard !found.isEmpty else {
      throw MessageFault("no gateway of site '\(PlainText.of(site))' ever spoke here")
    }
    return found
  }

  func query() throws(ProgramMisuse) -> RecordQuery {
    var query = RecordQuery()
    query.after = try number("--after") ?? 0
    query.limit = try number("--limit") ?? .max
    query.point = options["--point"]
    query.type = options["--type"]
    query.reason = options["--reason"]
    query.from = try time("--from")
    query.to = try time("--to")
    if let type = query.type, LogRecord.Kind(rawValue: type) == nil {
      let known = LogRecord.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ProgramMisuse("--type must be one of \(known)")
    }
    return query
  }

  func number(_ option: String) throws(ProgramMisuse) -> Int64? {
    guard let text = options[option] else { return nil }
    guard let number = Int64(text), number >= 0 else {
      throw ProgramMisuse("\(option) must be a whole number")
    }
    return number
  }

  /// Milliseconds since 1970.
  func time(_ option: String) throws(ProgramMisuse) -> Int64? {
    guard let text = options[option] else { return nil }
    guard let time = Timestamp(text) ?? Timestamp("\(text)T00:00:00Z") else {
      throw ProgramMisuse("\(option) must be a day, 2026-11-22, or a time, 2026-11-22T08:00:00Z")
    }
    return time.milliseconds
  }

  func ago(_ time: Int64) -> String {
    time == 0 ? "never" : "\(Duration.text(milliseconds: now - time)) ago"
  }
}

/// Words on the command line that cannot be obeyed: exit code 2.
struct ProgramMisuse: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}
