import HQ
import Journal
import Messages
import Platform
import Testing

/// A gateway's journal beside HQ's store, with nothing between them.
struct Estate {
  let place: TemporaryDirectory
  let journal: Journal
  let reader: JournalReader
  let store: HQStore
  static let topics = UplinkTopics(site: "riverside", gateway: "gw-1")

  init(capacity: Int = 10_000) throws {
    place = try TemporaryDirectory(prefix: "hq")
    journal = try Journal.open(directory: place.path, gateway: "gw-1", capacity: capacity)
    reader = try JournalReader(path: "\(place.path)/gatehouse.db")
    store = try HQStore(path: "\(place.path)/hq.db")
  }

  func write(_ count: Int, _ type: LogRecord.Kind = .access) throws {
    let records = (0..<count).map { number in
      LogRecord(
        at: Timestamp(milliseconds: Int64(number)), clock: .synced, monotonic: UInt64(number), type: type,
        credential: "plate:京A\(number)")
    }
    for start in stride(from: 0, to: count, by: 10) {
      _ = try journal.append(Array(records[start..<min(start + 10, count)]))
    }
  }

  func batch(after seq: Int64, limit: Int) throws -> UplinkLogBatch {
    let stretch = try #require(try reader.stretch(after: seq, limit: limit))
    return UplinkLogBatch(
      gateway: "gw-1", first: stretch.records[0].seq, previous: stretch.previous,
      gap: stretch.gap.map { .init(first: $0.lowerBound, last: $0.upperBound) },
      records: stretch.records.map(\.bytes))
  }

  func gateway() throws -> StoredGateway { try #require(try store.gateway(site: "riverside", name: "gw-1")) }

  @discardableResult
  func take(_ batch: UplinkLogBatch) throws -> BatchOutcome {
    try store.take(batch, site: "riverside", at: 1).outcome
  }

  /// The kind of alarm with which a batch was refused; nil where it was taken.
  func refusal(of batch: UplinkLogBatch) throws -> Alarm.Kind? {
    if case .refused(let alarm) = try take(batch) { return alarm.kind }
    return nil
  }
}
