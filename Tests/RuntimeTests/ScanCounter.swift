import ControlCore
import Messages
import Platform
import TestSupport
import Testing

/// Counts how many scans pass from a change of an input line to the change of the output line that follows it.
///
/// The gateway is the real program. It tells when its scans began and ended (verb `scans`), and in its record of the
/// event which of them decided. The lines are moved and watched from outside. Every scan counts from the one that runs
/// while the input line is moved, or else the next, to the one that decided: so a scan that had read its inputs already
/// when the change came is one of them, and the best is 1. Where a scan began while the line was being moved nobody can
/// say whether it saw the change: such a try is made again.
struct ScanCounter {
  struct Way {
    var name: String
    var input: Int
    var output: Int
    /// The output's level that is waited for.
    var level: Bool
    /// The record of the scan that decided: its event, and its cause where it has one.
    var event: String
    var cause: String?
    var debounce: Interval
  }

  struct Result: CustomStringConvertible {
    var way: String
    var delay: Interval
    /// How often it took so many scans.
    var counts: [Int: Int] = [:]
    var again = 0
    var most: Int { counts.keys.max() ?? 0 }
    var total: Int { counts.values.reduce(0, +) }

    var description: String {
      let times = counts.keys.sorted().map { "\($0) scan\($0 == 1 ? "" : "s") \(counts[$0]!) times" }
      let behind = delay == .zero ? "" : " behind the declared \(delay.milliseconds) ms of debounce"
      return "\(way): \(times.joined(separator: ", "))\(behind); \(again) measured again"
    }
  }

  struct Missed: Error {
    var what: String
  }

  let gateway: RunningGateway
  let lines: any BenchLines
  private let client: LineClient
  private var random: SplitMix64
  /// The record that told the last time: the next one comes behind it, whatever the status says so soon.
  private var told: Int64 = 0

  init(gateway: RunningGateway, lines: any BenchLines, seed: UInt64) throws {
    self.gateway = gateway
    self.lines = lines
    client = try gateway.control()
    random = SplitMix64(seed: seed)
  }

  /// - Parameter prepare: brings the input line to rest and the output to the level before.
  mutating func measure(
    _ way: Way, times: Int, prepare: (LineClient) throws -> Void
  ) throws -> Result {
    var result = Result(way: way.name, delay: way.debounce)
    while result.total < times {
      try prepare(client)
      let seq = try client.call("status")["journal"]?["last"]?.integerValue ?? 0
      // Anywhere in a period.
      let phase = 3_000_000 + random.next() % 4_000_000
      MonotonicClock.sleep(until: MonotonicClock.now() + phase)
      let before = MonotonicClock.now()
      try lines.set(way.input, true)
      let after = MonotonicClock.now()
      let seen = try watch(way)
      let decided = try decision(way, after: max(seq, told))
      let scans = try self.scans()
      if scans.contains(where: { $0.began > before && $0.began <= after }) {
        result.again += 1
        guard result.again < times * 4 else { throw Missed(what: "a line cannot be moved within a scan") }
        continue
      }
      let scan = try #require(
        scans.first { $0.began == decided }, "the scan of the record is not among the last")
      #expect(scan.began <= seen.new && scan.ended >= seen.old, "the line moved in another scan")
      result.counts[count(scans, way, decided: scan.number, before, after), default: 0] += 1
    }
    return result
  }

  private typealias Scan = (number: Int64, began: UInt64, ended: UInt64)

  /// A debounce is a delay that the site declares, and begins with the scan that sees the change first: only the scans
  /// before it and behind it are counted.
  private func count(
    _ scans: [Scan], _ way: Way, decided: Int64, _ before: UInt64, _ after: UInt64
  ) -> Int {
    func behind(_ seen: Scan) -> Int {
      scans.count { $0.began >= seen.began + way.debounce.nanoseconds && $0.number <= decided }
    }
    let running = scans.first { $0.began <= before && $0.ended > before }
    let next = scans.first { $0.began > after }.map(behind) ?? 0
    if next == 0, let running { return behind(running) }
    return next + (running == nil ? 0 : 1)
  }

  /// The last moment at which the output was seen as before, and the first at which it was seen to have followed.
  private func watch(_ way: Way) throws -> (old: UInt64, new: UInt64) {
    let end = MonotonicClock.now() + 2_000_000_000
    var old: UInt64 = 0
    while MonotonicClock.now() < end {
      let asked = MonotonicClock.now()
      let level = try lines.value(way.output)
      if level == way.level { return (old, MonotonicClock.now()) }
      old = asked
    }
    throw Missed(what: "\(way.name): the output did not follow")
  }

  /// The instant of the scan that decided.
  private mutating func decision(_ way: Way, after seq: Int64) throws -> UInt64 {
    let end = MonotonicClock.now() + 2_000_000_000
    while MonotonicClock.now() < end {
      let pulled = try client.call("log.pull", ["after": .integer(seq), "limit": 50])
      for text in pulled["records"]?.arrayValue ?? [] {
        let record = try JSONValue.parse(Array((text.stringValue ?? "").utf8), maximumBytes: 1 << 16)
        guard record["detail"]?["event"]?.stringValue == way.event,
          record["detail"]?["cause"]?.stringValue == way.cause
        else { continue }
        told = record["seq"]?.integerValue ?? told
        return UInt64(record["mono_ns"]?.integerValue ?? 0)
      }
      MonotonicClock.sleep(milliseconds: 2)
    }
    throw Missed(what: "\(way.name): no record tells of it")
  }

  private func scans() throws -> [Scan] {
    try (client.call("scans", ["last": 2000]).arrayValue ?? []).compactMap { scan in
      guard let number = scan[0]?.integerValue, let began = scan[1]?.integerValue,
        let ended = scan[2]?.integerValue
      else { return nil }
      return (number, UInt64(began), UInt64(ended))
    }
  }
}
