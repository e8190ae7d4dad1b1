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
    for gateway in gateways {
      try each(RecordQuery(from: earliest, to: now + day), of: gateway) { (record) throws(StoreError) in
        guard let at = RecordFacts(record.bytes).at else { return }
        from = min(from, at)
        to = max(to, at + 1)
      }
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
      // Up to what was stored when the gateway was read: the store may grow meanwhile.
      try each(RecordQuery(), of: gateway) { (stored) throws(StoreError) in
        guard stored.seq <= gateway.through.seq else { return }
        let facts = RecordFacts(stored.bytes)
        guard !facts.isRedacted else {
          entry.redacted += 1
          return
        }
        guard let at = facts.at, facts.isReadable else {
          entry.unreadable += 1
          return
        }
        guard at >= period.from, at < period.to else {
          entry.outside += 1
          return
        }
        entry.records += 1
        figures.add(ReportRecord(facts, at: at, storedAt: stored.storedAt), of: name(gateway))
      }
      figures.gateways.append(entry)
      figures.alarms += try alarms(of: gateway, open: false).filter {
        $0.raisedAt < period.to && ($0.endedAt ?? .max) >= period.from
      }
    }
    figures.alarms.sort { $0.raisedAt > $1.raisedAt }
    return figures
  }
}
