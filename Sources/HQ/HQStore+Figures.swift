import Journal

extension HQStore {
  /// The time from the first to the last record of the gateways, at most a year of it.
  ///
  /// A gateway whose clock was wrong may have written in 1970 or in ten years; HQ's own clock bounds both.
  func wholePeriod(of gateways: [StoredGateway], now: Int64) throws(StoreError) -> (from: Int64, to: Int64) {
    let day = ReportPeriod.Step.day.rawValue
    let earliest = now - HQLimits.reportPeriodDays * day
    var from = now
    var to = earliest
    let find = try database.prepare(
      "SELECT min(at), max(at) FROM record WHERE gateway = ? AND at >= ? AND at < ?")
    for gateway in gateways {
      try find.bind(1, gateway.id)
      try find.bind(2, earliest)
      try find.bind(3, now + day)
      if try find.step(), let first = find.optionalInteger(0), let last = find.optionalInteger(1) {
        from = min(from, first)
        to = max(to, last + 1)
      }
      find.reset()
    }
    return to > from ? (from, to) : (now - day, now)
  }

  /// Everything that a report tells of the gateways; their chains are computed anew.
  func figures(
    of gateways: [StoredGateway], in period: ReportPeriod, named name: (StoredGateway) -> String
  ) throws(StoreError) -> EstateFigures {
    var figures = EstateFigures(period: period)
    let open = try alarms(open: true, limit: .max)
    for gateway in gateways {
      var entry = EstateFigures.Gateway(
        stored: gateway, verdict: try verify(gateway), gaps: try gaps(of: gateway))
      entry.openAlarms = open.count { $0.name == gateway.fullName }
      try read(gateway, in: period) { record in
        entry.records += 1
        figures.add(record, of: name(gateway))
      }
      let all = try count("SELECT count(*) FROM record WHERE gateway = ?", gateway)
      entry.others = Int(all) - entry.records
      figures.gateways.append(entry)
      figures.alarms += try alarms(of: gateway, open: false).filter {
        $0.raisedAt < period.to && ($0.endedAt ?? .max) >= period.from
      }
    }
    figures.alarms.sort { $0.raisedAt > $1.raisedAt }
    return figures
  }

  private func count(_ sql: String, _ gateway: StoredGateway) throws(StoreError) -> Int64 {
    let find = try database.prepare(sql)
    try find.bind(1, gateway.id)
    defer { find.reset() }
    return try find.step() ? find.integer(0) : 0
  }

  /// The records up to what was stored when the gateway was read: the store may grow meanwhile.
  private func read(
    _ gateway: StoredGateway, in period: ReportPeriod, _ body: (ReportRecord) -> Void
  ) throws(StoreError) {
    let rows = try database.prepare(
      """
      SELECT at, stored_at, type, point, decision, reason, event, amount FROM record
      WHERE gateway = ? AND seq <= ? AND at >= ? AND at < ?
      """)
    try rows.bind(1, gateway.id)
    try rows.bind(2, gateway.through.seq)
    try rows.bind(3, period.from)
    try rows.bind(4, period.to)
    while try rows.step() {
      func text(_ column: Int32) -> String? { rows.isNull(column) ? nil : rows.text(column) }
      body(
        ReportRecord(
          at: rows.integer(0), storedAt: rows.optionalInteger(1), type: rows.text(2), point: text(3),
          decision: text(4), reason: text(5), event: text(6), amount: rows.optionalInteger(7)))
    }
  }
}
