import Broker
import Glibc
import Messages
import Platform

/// `gatehouse-sim estate`: many gateways that send their logs at once, to try out a broker, a cluster or headquarters.
enum EstateRun {
  /// A gateway holds eight descriptors, and libmosquitto waits with select(2): none may reach FD_SETSIZE, 1,024.
  /// FD_SETSIZE, 1,024.
  private static let most = 120

  static func run(_ arguments: [String]) throws -> Int32 {
    let options = try ProgramOptions(
      arguments,
      valued: ["--gateways", "--records", "--broker", "--state", "--rate", "--for", "--ca", "--first"],
      bare: ["--json", "--insecure"])
    let count = try number("--gateways", options, 1...most)
    let records = try number("--records", options, 1...10_000_000)
    let first = options["--first"] == nil ? 1 : try number("--first", options, 1...1_000_000)
    let rate = options["--rate"] == nil ? nil : try number("--rate", options, 1...100_000)
    let seconds = options["--for"] == nil ? 300 : try number("--for", options, 1...86_400)
    let state = try options.required("--state")
    let gateways = try (first..<first + count).map { place in
      let name = "sim-\(place)"
      let broker = try BrokerSettings(
        broker: try options.required("--broker"), client: "gatehouse-\(SimulatedGateway.site)-\(name)",
        authorityFile: options["--ca"], insecure: options.has("--insecure"))
      return try SimulatedGateway(name: name, folder: "\(state)/\(name)", broker: broker)
    }
    let began = MonotonicClock.now()
    for gateway in gateways { try gateway.start(records: records, rate: rate) }
    let signals = SignalWait([SIGINT, SIGTERM])
    let deadline = began + UInt64(seconds) * 1_000_000_000
    var waiting = gateways
    while !waiting.isEmpty, MonotonicClock.now() < deadline, signals.next(milliseconds: 50) == nil {
      waiting.removeAll { $0.acknowledged >= Int64(records) }
    }
    let took = Double(MonotonicClock.now() - began) / 1e9
    for gateway in gateways { gateway.stop() }
    report(
      gateways: gateways, waiting: waiting, records: records, seconds: took, json: options.has("--json"))
    return waiting.isEmpty ? 0 : 1
  }

  private static func number(
    _ key: String, _ options: ProgramOptions, _ range: ClosedRange<Int>
  ) throws -> Int {
    guard let value = Int(try options.required(key)), range.contains(value) else {
      throw ProgramFault(
        description: "\(key) needs a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return value
  }

  private static func report(
    gateways: [SimulatedGateway], waiting: [SimulatedGateway], records: Int, seconds: Double, json: Bool
  ) {
    let sent = gateways.reduce(Int64(0)) { $0 + $1.acknowledged }
    let rate = Double(sent) / seconds
    if json {
      let summary: JSONValue = [
        "gateways": .integer(Int64(gateways.count)), "records": .integer(Int64(records)),
        "acknowledged": .integer(sent), "unfinished": .integer(Int64(waiting.count)),
        "seconds": .number(seconds), "records_per_s": .number(rate),
      ]
      print(summary.text)
      return
    }
    print(
      "\(gateways.count) gateways, \(sent) records acknowledged in \(Int(seconds)) s: \(Int(rate)) records/s")
    for gateway in waiting.prefix(5) {
      print("  \(gateway.name): \(gateway.acknowledged) of \(records); \(gateway.lastWord)")
    }
  }
}
