import Journal
import Messages

extension HQStore {
  /// A record that came ahead of the log: where it tells what a guard must hear of, nobody waits for the log.
  ///
  /// - Returns: the alarm that it raised or ended.
  func takeLive(
    _ bytes: [UInt8], site: String, name: String, at now: Int64
  ) throws(StoreError) -> [Alarm] {
    guard let news = UrgentNews(bytes), news.seq <= HQLimits.sequence else { return [] }
    if let gateway = try gateway(site: site, name: name), try isStored(bytes, news.seq, of: gateway) {
      return []
    }
    return try write { () throws(StoreError) in
      let gateway = try known(site: site, name: name)
      guard try !wasTold(news.seq, of: gateway) else { return [] }
      if news.begins { try remember(news.seq, of: gateway) }
      return try tell(news, gateway, now)
    }
  }

  /// What is urgent among records that are stored just now, and did not come ahead of the log. Within a transaction.
  func urgentNews(
    in batch: UplinkLogBatch, after seq: Int64, _ gateway: StoredGateway, _ now: Int64
  ) throws(StoreError) -> [Alarm] {
    var alarms: [Alarm] = []
    for number in batch.places.indices where batch.first + Int64(number) > seq {
      guard (try? batch.mark(number))?.isUrgent == true,
        let news = UrgentNews(Array(batch.bytes[batch.places[number]]))
      else { continue }
      // What ended ahead of the log may have begun again by what the log brought before it.
      if news.begins, try wasTold(news.seq, of: gateway) { continue }
      alarms += try tell(news, gateway, now)
    }
    let forget = try statement("DELETE FROM told WHERE id BETWEEN ? AND ?")
    defer { forget.reset() }
    try forget.bind(1, RecordKey.of(gateway, 0))
    try forget.bind(2, RecordKey.of(gateway, gateway.through.seq))
    try forget.run()
    return alarms
  }

  /// - Returns: the alarm where it was not open before, or has ended now.
  private func tell(
    _ news: UrgentNews, _ gateway: StoredGateway, _ now: Int64
  ) throws(StoreError) -> [Alarm] {
    guard news.begins else { return try endAlarm(news.kind, news.about, gateway, before: news.seq, now) }
    let (alarm, isNew) = try insertAlarm(
      news.kind, news.text, gateway, now, about: news.about, seq: news.seq)
    return isNew ? [alarm] : []
  }

  /// Whether the log brought the very record; one that only has its seq comes from another log.
  private func isStored(_ bytes: [UInt8], _ seq: Int64, of gateway: StoredGateway) throws(StoreError) -> Bool
  {
    guard seq <= gateway.through.seq else { return false }
    let find = try statement("SELECT record FROM entry WHERE id = ?")
    defer { find.reset() }
    try find.bind(1, RecordKey.of(gateway, seq))
    return try find.step() && find.bytes(0) == bytes
  }

  private func wasTold(_ seq: Int64, of gateway: StoredGateway) throws(StoreError) -> Bool {
    let find = try statement("SELECT 1 FROM told WHERE id = ?")
    defer { find.reset() }
    try find.bind(1, RecordKey.of(gateway, seq))
    return try find.step()
  }

  private func remember(_ seq: Int64, of gateway: StoredGateway) throws(StoreError) {
    let all = "id BETWEEN \(RecordKey.of(gateway, 0)) AND \(RecordKey.of(gateway, HQLimits.sequence))"
    guard try database.integer("SELECT count(*) FROM told WHERE \(all)") ?? 0 < HQLimits.toldRecords else {
      return
    }
    try database.execute("INSERT INTO told(id) VALUES(\(RecordKey.of(gateway, seq)))")
  }
}
