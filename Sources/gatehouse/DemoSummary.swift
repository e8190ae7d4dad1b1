import Journal
import Messages
import Platform
import Shell

/// What the demo showed, with its figures.
struct DemoSummary {
  let promises: [DemoPromise]
  let seconds: Double
  let decisions: Int
  let passages: Int
  let grantTimes: JSONValue
  let lateness: JSONValue
  let chain: Result<Int64, DemoFault>
  let isWhole: Bool
  let folder: String

  init(stage: DemoStage, isWhole: Bool, status: JSONValue?, ending: ChildProcess.Ending?) {
    seconds = stage.elapsed
    decisions = stage.chronicle.count { $0.has("type", "access") }
    passages = stage.chronicle.count { $0.has("type", "passage") && $0["reason"] == nil }
    grantTimes = stage.grantTimes
    lateness = status?["loop"]?["lateness_us"] ?? .null
    chain = Self.verify("\(stage.folder)/state/gatehouse.db")
    folder = stage.folder
    if ending != .exited(0) {
      stage.ledger.settle(
        "the controller stops when it is asked to", .broken("\(ending.map { "\($0)" } ?? "it hangs")"))
    }
    switch chain {
    case .success: stage.ledger.settle("the log's chain is whole", .kept)
    case .failure(let fault): stage.ledger.settle("the log's chain is whole", .broken("\(fault)"))
    }
    if !isWhole { stage.ledger.settle("played to the end", .broken("interrupted")) }
    promises = stage.ledger.all
    self.isWhole = isWhole && stage.ledger.isWhole
  }

  private static func verify(_ path: String) -> Result<Int64, DemoFault> {
    do throws(StoreError) {
      switch try JournalReader(path: path).verify() {
      case .intact(let records): return .success(records)
      case .broken(let seq, let why): return .failure(DemoFault("broken at \(seq): \(why)"))
      }
    } catch {
      return .failure(DemoFault("\(error)"))
    }
  }

  var json: JSONValue {
    let records: JSONValue = if case .success(let count) = chain { .integer(count) } else { .null }
    return [
      "summary": [
        "ok": .bool(isWhole), "seconds": .number((seconds * 10).rounded() / 10),
        "decisions": .integer(Int64(decisions)), "passages": .integer(Int64(passages)),
        "event_to_output_us": grantTimes, "lateness_us": lateness, "records": records,
        "kept": .integer(Int64(promises.count { $0.outcome == .kept })),
        "left_out": .integer(Int64(promises.count { $0.outcome == .leftOut })),
        "promises": .array(promises.map(\.json)),
      ]
    ]
  }

  var lines: [String] {
    func time(_ key: String) -> String {
      grantTimes[key]?.integerValue.map { Quantities.time(microseconds: $0) } ?? "?"
    }
    let records =
      if case .success(let count) = chain { "\(count) records, chain intact" } else { "CHAIN BROKEN" }
    let kept = promises.count { $0.outcome == .kept }
    let leftOut = promises.count { $0.outcome == .leftOut }
    return [""] + promises.map { DisplayWidth.cut($0.line, to: TextTable.width) } + [
      "",
      "\(decisions) decisions, \(passages) passages in \(Int(seconds)) s; \(records)",
      "credential to output p50 \(time("p50")), p99 \(time("p99"))",
      "\(kept) promises kept, \(promises.count - kept - leftOut) broken, \(leftOut) left out",
    ]
  }
}
