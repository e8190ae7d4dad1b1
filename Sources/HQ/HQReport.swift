import Journal
import Messages
import Platform

/// What a person asks of the store.
struct HQReport {
  let store: HQStore
  let options: ProgramOptions

  init(_ options: ProgramOptions) throws(StoreError) {
    store = try HQStore(path: options["--store"] ?? "hq.db", mode: .readOnly)
    self.options = options
  }

  func gateway(_ name: String) throws -> StoredGateway {
    let found = try store.gateways(named: name)
    guard let gateway = found.first, found.count == 1 else {
      let why = found.isEmpty ? "never spoke here" : "stands for several: say SITE/\(name)"
      throw MessageFault("'\(name)' \(why)")
    }
    return gateway
  }

  func status() throws -> Int32 {
    for gateway in try store.gateways() {
      let gaps = try store.gaps(of: gateway)
      if options.has("--json") {
        print(
          JSONValue.object([
            ("site", .string(gateway.site)), ("gateway", .string(gateway.name)),
            ("boot", .integer(gateway.boot)),
            ("connected", .bool(gateway.isConnected)), ("through", .integer(gateway.through.seq)),
            ("hash", .string(Hex.text(gateway.through.hash))), ("list", .integer(gateway.list)),
            ("seen_at", .string(Timestamp(milliseconds: gateway.seenAt).description)),
            (
              "gaps",
              .array(gaps.map { ["first": .integer($0.lowerBound), "last": .integer($0.upperBound)] })
            ), ("fault", gateway.fault.map { .string($0) } ?? .null),
          ]).text)
        continue
      }
      let state = gateway.isConnected ? "connected" : "away"
      print("\(gateway.site)/\(gateway.name): \(state), seq \(gateway.through.seq), list \(gateway.list)")
      print("  seen \(Timestamp(milliseconds: gateway.seenAt)), boot \(gateway.boot)")
      for gap in gaps { print("  lost at the gateway: seq \(gap.lowerBound) to \(gap.upperBound)") }
      if let fault = gateway.fault { print("  FAULT: \(fault)") }
    }
    return 0
  }

  /// The records verbatim, one a line.
  func log(_ name: String) throws -> Int32 {
    let gateway = try gateway(name)
    var after = try number("--after") ?? 0
    var left = try number("--limit") ?? .max
    while left > 0 {
      let records = try store.records(of: gateway, after: after, limit: Int(min(left, 1_000)))
      guard let last = records.last else { break }
      for record in records { print(String(decoding: record.bytes, as: UTF8.self)) }
      after = last.seq
      left -= Int64(records.count)
    }
    return 0
  }

  func verify(_ name: String) throws -> Int32 {
    let gateway = try gateway(name)
    let gaps = try store.gaps(of: gateway)
    switch try store.verify(gateway) {
    case .intact(let records):
      if options.has("--json") {
        print(
          JSONValue.object([
            ("ok", true), ("records", .integer(records)), ("gaps", .integer(Int64(gaps.count))),
          ]).text)
      } else {
        print(
          "\(records) records, chain intact\(gaps.isEmpty ? "" : ", \(gaps.count) gaps told by the gateway")")
      }
      return 0
    case .broken(let seq, let why):
      print(
        options.has("--json")
          ? JSONValue.object([("ok", false), ("first_broken", .integer(seq)), ("why", .string(why))]).text
          : "broken at seq \(seq): \(why)")
      return 1
    }
  }

  private func number(_ option: String) throws -> Int64? {
    guard let text = options[option] else { return nil }
    guard let number = Int64(text), number >= 0 else {
      throw MessageFault("\(option) must be a whole number")
    }
    return number
  }
}
