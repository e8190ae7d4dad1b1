import HQ
import Journal
import Messages
import Platform
import TestSupport

/// Days of an estate as gateways would have written them, from a seed.
struct SampleEstate {
  let place: TemporaryDirectory
  let store: HQStore
  var path: String { "\(place.path)/hq.db" }
  /// 2026-11-16T00:00:00Z, a Monday.
  static let start: Int64 = 1_794_787_200_000
  private var dice: SplitMix64

  init(seed: UInt64 = 11) throws {
    place = try TemporaryDirectory(prefix: "report")
    store = try HQStore(path: "\(place.path)/hq.db")
    dice = SplitMix64(seed: seed)
  }

  /// - Parameter points: barriers `lane…`, doors everything else.
  mutating func add(_ gateway: String, site: String = "riverside", days: Int, points: [String]) throws {
    var records: [LogRecord] = []
    for hour in 0..<days * 24 {
      for point in points {
        let busy = [0, 0, 0, 0, 0, 1, 3, 8, 9, 5, 3, 3, 4, 4, 3, 3, 4, 8, 9, 6, 4, 3, 2, 1][hour % 24]
        for _ in 0..<Int.random(in: 0...busy, using: &dice) { records += visit(point, hour, days) }
      }
    }
    records.sort { $0.at < $1.at }
    try send(records, gateway, site)
  }

  private mutating func visit(_ point: String, _ hour: Int, _ days: Int) -> [LogRecord] {
    let at = Self.start + Int64(hour) * 3_600_000 + Int64.random(in: 0..<3_600_000, using: &dice)
    func record(
      _ later: Int64, _ type: LogRecord.Kind, _ event: String?, _ reason: String? = nil, ms: Int64? = nil
    )
      -> LogRecord
    {
      var detail: [(key: String, value: JSONValue)] = event.map { [("event", .string($0))] } ?? []
      if let ms { detail.append(("ms", .integer(ms))) }
      return LogRecord(
        at: Timestamp(milliseconds: at + later), clock: .synced, monotonic: UInt64(at), type: type,
        point: point,
        credential: type == .access ? "plate:B-\(point)<script>alert(1)</script>" : nil, reason: reason,
        detail: .object(detail))
    }
    var access = record(0, .access, nil, "granted")
    access.decision = .grant
    let reasons = [
      "denied-unknown-credential", "denied-unknown-credential", "denied-out-of-time-range", "denied-passback",
      "denied-credential-expired",
    ]
    if Int.random(in: 0..<9, using: &dice) == 0 {
      access.decision = .deny
      access.reason = reasons.randomElement(using: &dice)
      return [access]
    }
    let isLane = point.hasPrefix("lane")
    let worn = isLane ? Int64(hour) * 400 / Int64(max(1, days * 24)) : 0
    let travel = 1_500 + worn + Int64.random(in: -60...60, using: &dice)
    var story = [access]
    story.append(record(100, .actuator, isLane ? "opened" : "unlocked", ms: isLane ? travel : nil))
    story.append(record(2_000, .passage, "passage"))
    if isLane { story.append(record(7_000, .actuator, "closed", ms: travel + 120)) }
    switch Int.random(in: 0..<120, using: &dice) {
    case 0 where !isLane: story.append(record(40_000, .doorAlarm, "held-open", "door-open-too-long"))
    case 1 where !isLane: story.append(record(50_000, .doorAlarm, "forced-open", "forced-open"))
    case 2 where isLane: story.append(record(6_000, .actuator, "obstruction"))
    default: break
    }
    return story
  }

  /// Chains the records and has the store take them, some late.
  mutating func send(_ records: [LogRecord], _ gateway: String, _ site: String = "riverside") throws {
    var link = ChainLink.origin
    for start in stride(from: 0, to: records.count, by: 400) {
      let previous = link.hash
      var lines: [[UInt8]] = []
      for record in records[start..<min(start + 400, records.count)] {
        var record = record
        record.gateway = gateway
        record.boot = 1
        lines.append(record.encoded(seq: link.seq + 1))
        link = ChainLink(
          seq: link.seq + 1, hash: Digest.chained(link.hash, Digest.of(lines[lines.count - 1])))
      }
      let newest = records[min(start + 400, records.count) - 1].at.milliseconds
      let late: Int64 = [500, 5_000, 30_000, 40_000, 7_200_000].randomElement(using: &dice)!
      _ = try store.take(
        UplinkLogBatch(
          gateway: gateway, first: link.seq - Int64(lines.count) + 1, previous: previous, records: lines),
        site: site, at: newest + late)
    }
  }
}
