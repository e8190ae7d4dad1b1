import AccessPolicy
import ControlCore
import Journal
import Platform
import Runtime
import Synchronization

/// Decisions while a version of a million rows comes in beside them: read from CSV, saved, laid out and swapped in, as the
/// daemon does it.
enum ListSwap {
  static let limit = 1.25
  static let rounds = 5
  /// Decisions from which a percentile is taken.
  static let fewest = 100_000

  static func measure() throws -> Figure {
    let setting = DecisionSite.setting()
    let bench = try ListBench()
    let version = try NewVersion(bench, groups: setting.groups)
    let slot = ListSlot()
    _ = slot.replace(with: try rebuilt(bench.loader).list)
    let reads = try stride(from: 0, to: ListStart.entries, by: 7).map {
      try CredentialKey.parse(stored: ListBench.credential($0))
    }
    var desk = SwapDesk(setting: setting, reads: reads)
    var before: [Double] = []
    var during: [Double] = []
    for _ in 0..<rounds {
      before.append(try percentile(desk.decide(slot) { $0 < 500_000_000 }))
      let end = BuildEnd()
      let builder = try PlatformThread.start(name: "list") {
        var retired = RetiredLists()
        if (try? version.save()) != nil, let (next, digest) = try? rebuilt(bench.loader) {
          retired.add(slot.replace(with: next))
          end.swapped.store(true, ordering: .releasing)
          retired.free()
          bench.loader.keepImage(next, digest: digest)
        }
        end.flag.store(true, ordering: .releasing)
      }
      during.append(try percentile(desk.decide(slot) { _ in !end.flag.load(ordering: .acquiring) }))
      builder.join()
      guard end.swapped.load(ordering: .acquiring) else { throw BenchFault("the list was not built") }
    }
    let (ours, raw) = (during.sorted()[rounds / 2], before.sorted()[rounds / 2])
    return Figure(
      name: "list-swap", unit: "ns",
      subject:
        "one decision while a list of \(ListStart.entries) is read from CSV, saved, read back, laid out, swapped in "
        + "and kept as an image beside it, median of \(rounds) times",
      ours: [("p99", ours)], baseline: "the same decisions with nothing beside them, in turns",
      raw: [("p99", raw)], goal: .init(value: ours / raw, limit: limit, name: "p99 ratio"))
  }

  private static func rebuilt(_ loader: ListLoader) throws -> (list: ListSnapshot, digest: [UInt8]) {
    guard let (list, head) = try loader.rebuild(), list.count == ListStart.entries else {
      throw BenchFault("rows are missing")
    }
    return (list, head.digest)
  }

  private static func percentile(_ counts: NanosecondCounts) throws -> Double {
    guard counts.count >= fewest else { throw BenchFault("\(counts.count) decisions are too few") }
    guard counts.refusals == 0 else { throw BenchFault("\(counts.refusals) decisions were refusals") }
    return counts.percentile(0.99)
  }
}

/// A list as it comes from HQ or from a technician.
private struct NewVersion: Sendable {
  /// As much as comes at a time.
  private static let piece = 48 << 10
  private let csv: [UInt8]
  private let groupNames: [String]
  private let text: ListText
  private let store: ListStore

  init(_ bench: ListBench, groups: [GroupSetting]) throws {
    groupNames = groups.map(\.name)
    text = ListText(groupNames: groupNames)
    store = ListStore(directory: bench.directory)
    guard let list = try bench.loader.rebuild()?.list else { throw BenchFault("no list to begin with") }
    var csv = Array(AllowListText.header.utf8)
    for place in 0..<list.count {
      csv.append(UInt8(ascii: "\n"))
      csv += AllowListText.line(list.row(at: place), groupNames: groupNames).utf8
    }
    self.csv = csv
  }

  /// Reads it in pieces and makes it the version in force.
  func save() throws {
    var reader = AllowListReader(groupNames: groupNames)
    var rows: [StoredListRow] = []
    for start in stride(from: 0, to: csv.count, by: Self.piece) {
      reader.feed(Array(csv[start..<min(start + Self.piece, csv.count)]))
      rows += reader.takeRows().map(text.stored)
    }
    reader.finish()
    rows += reader.takeRows().map(text.stored)
    guard reader.faultCount == 0, rows.count == ListStart.entries else {
      throw BenchFault("rows are missing")
    }
    try store.save(StoredList(version: 2, rows: rows))
  }
}

private final class BuildEnd: Sendable {
  let flag = Atomic<Bool>(false)
  let swapped = Atomic<Bool>(false)
}

/// Decides as the daemon's decision thread does: takes the list in force for each reading.
private struct SwapDesk: ~Copyable {
  private let decider: Decider
  private var state: AccessPolicy.PassageState
  private let reads: [CredentialKey]
  private var next = 0
  private var request = AccessRequest(
    reader: ReaderIndex(1), credential: nil, at: DecisionSite.at, now: DecisionSite.now + .seconds(60))
  private var decision = AccessDecision()

  init(setting: PolicySetting, reads: [CredentialKey]) {
    decider = Decider(setting: setting)
    state = AccessPolicy.PassageState(setting: setting)
    self.reads = reads
  }

  /// For as long as `goesOn`, which is given the nanoseconds so far, says.
  mutating func decide(_ slot: borrowing ListSlot, while goesOn: (UInt64) -> Bool) -> NanosecondCounts {
    var counts = NanosecondCounts()
    let start = MonotonicClock.now()
    var began = start
    while goesOn(began - start) {
      for _ in 0..<256 {
        next = (next &+ 7_919) % reads.count
        request.credential = reads[next]
        began = MonotonicClock.now()
        decider.decide(request, list: slot.current, state: state, into: &decision)
        counts.add(MonotonicClock.now() - began)
        if !decision.isGrant || decision.isRepeat { counts.refusals += 1 }
      }
    }
    return counts
  }
}

/// How often each time in nanoseconds, in steps of eight, came; longer ones than the last step count as that.
private struct NanosecondCounts {
  private var counts = Array(repeating: 0, count: 4_096)

  var refusals = 0

  var count: Int { counts.reduce(0, +) }

  mutating func add(_ nanoseconds: UInt64) {
    counts[min(Int(clamping: nanoseconds / 8), counts.count - 1)] += 1
  }

  func percentile(_ share: Double) -> Double {
    var rest = Int(Double(counts.reduce(0, +)) * share)
    for (step, count) in counts.enumerated() {
      rest -= count
      if rest < 0 { return Double(step * 8 + 4) }
    }
    return Double(counts.count * 8)
  }
}
