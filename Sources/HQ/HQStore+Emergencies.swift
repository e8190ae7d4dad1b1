import Journal
import Messages

extension HQStore {
  /// A record that came ahead of the log: where it tells of an emergency, nobody waits for the log.
  ///
  /// - Returns: the alarm where it was not open before.
  func takeLive(
    _ bytes: [UInt8], site: String, name: String, at now: Int64
  ) throws(StoreError) -> Alarm? {
    guard let news = EmergencyNews(bytes), let known = try gateway(site: site, name: name),
      news.seq > known.urgent, news.seq <= HQLimits.sequence
    else { return nil }
    return try write { () throws(StoreError) in
      guard var gateway = try gateway(site: site, name: name) else { return nil }
      let alarm = try tell(news, &gateway, now)
      try save(gateway)
      return alarm
    }
  }

  /// The emergencies among records that are stored just now; those that came ahead of the log are known. Within a
  /// transaction; the caller saves the gateway.
  func emergencies(
    in batch: UplinkLogBatch, after seq: Int64, _ gateway: inout StoredGateway, _ now: Int64
  ) throws(StoreError) -> [Alarm] {
    var raised: [Alarm] = []
    for number in batch.places.indices where batch.first + Int64(number) > max(seq, gateway.urgent) {
      guard (try? batch.mark(number))?.isEmergency == true,
        let news = EmergencyNews(Array(batch.bytes[batch.places[number]]))
      else { continue }
      if let alarm = try tell(news, &gateway, now) { raised.append(alarm) }
    }
    return raised
  }

  private func tell(
    _ news: EmergencyNews, _ gateway: inout StoredGateway, _ now: Int64
  ) throws(StoreError) -> Alarm? {
    gateway.urgent = max(gateway.urgent, news.seq)
    guard news.isReal else { return nil }
    let (alarm, isNew) = try insertAlarm(.emergency, news.text, gateway, now)
    return isNew ? alarm : nil
  }
}

/// What a record of type `emergency` tells.
struct EmergencyNews {
  let seq: Int64
  /// A plan began, and is no drill.
  let isReal: Bool
  let text: String

  /// - Returns: nil where the record is of another type.
  init?(_ bytes: [UInt8]) {
    guard case .record(let seq, let record)? = try? LogRecord.parse(bytes), record.type == .emergency else {
      return nil
    }
    self.seq = seq
    let event = record.detail["event"]?.stringValue
    let isDrill = record.detail["drill"]?.boolValue == true
    isReal = event == "emergency-started" && !isDrill || event == "drill-became-real"
    let plan = record.detail["plan"]?.stringValue ?? "a plan"
    let cause = record.detail["input"]?.stringValue ?? record.detail["by"]?.stringValue
    text = "'\(plan)' began at \(record.at)" + (cause.map { ", called by '\($0)'" } ?? "")
  }
}
