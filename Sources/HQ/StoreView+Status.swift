import Journal
import Messages
import Platform

extension StoreView {
  /// Exit code 1 where an alarm is open.
  func status() throws -> Int32 {
    let gateways = try store.gateways()
    let alarms = try store.alarms(open: true)
    let collectors = try store.collectors()
    if json {
      print(
        JSONValue.object([
          ("gateways", .array(try gateways.map { try member($0, alarms) })),
          ("alarms", .array(alarms.map(\.json))), ("collectors", .array(collectors.map(member))),
        ]).text)
      return alarms.isEmpty ? 0 : 1
    }
    for alarm in alarms { print("ALARM \(alarm.name) \(alarm.kind.rawValue)\n  \(told(alarm))") }
    var table = TextTable(["GATEWAY", "STATE", "SEEN", "LAG", "FOR", "LIST", "SEQ"], right: [3, 4, 5, 6])
    for gateway in gateways where !gateway.isRetired {
      table.add([
        gateway.fullName, gateway.isConnected ? "here" : "away", ago(gateway.seenAt), "\(gateway.lag)",
        Duration.text(milliseconds: gateway.lagMilliseconds(at: now)), "\(gateway.list)",
        "\(gateway.through.seq)",
      ])
    }
    for line in table.lines { print(line) }
    for gateway in gateways {
      if let fault = gateway.fault { print("FAULT \(gateway.fullName)\n  \(fault)") }
      let gaps = try store.gaps(of: gateway)
      if let newest = gaps.last {
        print(
          "\(gateway.fullName) lost \(gaps.reduce(0) { $0 + $1.count }) records in \(gaps.count) gaps,\n"
            + "  the newest seq \(newest.lowerBound) to \(newest.upperBound)")
      }
    }
    for collector in collectors {
      print("collector \(collector.name): \(state(collector)), heard of \(ago(collector.beatAt))")
    }
    if collectors.isEmpty { print("no collector is at work: gatehouse-hq serve") }
    return alarms.isEmpty ? 0 : 1
  }

  private func told(_ alarm: Alarm) -> String {
    let since = "since \(Timestamp(milliseconds: alarm.raisedAt))"
    return "\(alarm.text)\n  \(since)\(alarm.count > 1 ? ", \(alarm.count) times" : "")"
  }

  private func state(_ collector: StoredCollector) -> String {
    if collector.isAlive(at: now) { return "at work" }
    if !collector.isRunning { return "ended without a word" }
    return collector.isConnected ? "hangs" : "not connected"
  }

  private func member(_ gateway: StoredGateway, _ alarms: [Alarm]) throws(StoreError) -> JSONValue {
    .object([
      ("site", .string(gateway.site)), ("gateway", .string(gateway.name)), ("boot", .integer(gateway.boot)),
      ("connected", .bool(gateway.isConnected)), ("through", .integer(gateway.through.seq)),
      ("hash", .string(Hex.text(gateway.through.hash))), ("last", .integer(gateway.last)),
      ("lag", .integer(gateway.lag)), ("lag_s", .integer(gateway.lagMilliseconds(at: now) / 1_000)),
      ("list", .integer(gateway.list)),
      ("seen_at", .string(Timestamp(milliseconds: gateway.seenAt).description)),
      (
        "gaps",
        .array(
          try store.gaps(of: gateway).map {
            ["first": .integer($0.lowerBound), "last": .integer($0.upperBound)]
          })
      ), ("fault", gateway.fault.map { .string($0) } ?? .null),
      ("alarms", .array(alarms.filter { $0.name == gateway.fullName }.map { .string($0.kind.rawValue) })),
    ])
  }

  private func member(_ collector: StoredCollector) -> JSONValue {
    .object([
      ("collector", .string(collector.name)), ("alive", .bool(collector.isAlive(at: now))),
      ("connected", .bool(collector.isConnected)),
      ("beat_at", .string(Timestamp(milliseconds: collector.beatAt).description)),
      ("started_at", .string(Timestamp(milliseconds: collector.startedAt).description)),
    ])
  }

  func gateways() throws -> Int32 {
    for gateway in try store.gateways() {
      print(
        json
          ? JSONValue.object([
            ("site", .string(gateway.site)), ("gateway", .string(gateway.name)),
            ("through", .integer(gateway.through.seq)), ("retired", .bool(gateway.isRetired)),
          ]).text : gateway.fullName)
    }
    return 0
  }

  /// `alarms [GATEWAY] [--ended]`; exit code 1 where one is open.
  func alarms(_ name: String?) throws -> Int32 {
    let gateway = try name.map { try self.gateway($0) }
    let alarms = try store.alarms(of: gateway, open: !options.has("--ended"))
    for alarm in alarms {
      if json {
        print(alarm.json.text)
        continue
      }
      print("\(alarm.name) \(alarm.kind.rawValue)\n  \(told(alarm))")
      if let ended = alarm.endedAt {
        print("  ended \(Timestamp(milliseconds: ended)) by \(alarm.endedBy ?? "nobody")")
      }
    }
    return alarms.contains { $0.endedAt == nil } ? 1 : 0
  }

  /// `alarms end GATEWAY [KIND]`: a person has looked.
  func endAlarms(_ name: String, _ word: String?, by person: String) throws -> Int32 {
    let kind = word.flatMap { Alarm.Kind(rawValue: $0) }
    if word != nil, kind == nil {
      let known = Alarm.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ProgramMisuse("an alarm is one of \(known)")
    }
    let ended = try store.end(kind, of: try gateway(name), at: now, by: person)
    for alarm in ended { print(json ? alarm.json.text : alarm.line) }
    if ended.isEmpty { HQProgram.say("no such alarm is open") }
    return ended.isEmpty ? 1 : 0
  }
}
