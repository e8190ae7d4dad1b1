import Glibc
import Messages
import Platform

/// From a line at the ingress socket to the output image of the scan that unlocks, in the real gatehoused.
enum EventToOutput {
  static let events = 300

  static func measure() throws -> Figure {
    let folder = try TemporaryDirectory(prefix: "gatehouse-bench")
    let site = try BenchSite(folder: folder.path)
    let daemon = try site.start()
    defer {
      daemon.signal(SIGTERM)
      _ = try? daemon.wait(milliseconds: 5_000)
    }
    try site.importList(cards: events)
    let ingress = try LineClient(path: "\(site.run)/ingress.sock")
    var raw: [UInt64] = []
    let echo = try RawExchange(folder: folder.path)
    for number in 0..<events {
      let reply = try ingress.ask(BenchSite.line(number))
      guard reply["decision"]?.stringValue == "grant" else {
        throw BenchFault(
          "event \(number) was not granted: \(String(decoding: reply.encoded(), as: UTF8.self))")
      }
      raw.append(try echo.exchange())
      // The strike holds for 100 ms; each grant finds it locked again.
      MonotonicClock.sleep(milliseconds: 130)
    }
    let control = try LineClient(path: "\(site.run)/control.sock")
    let status = try control.ask(#"{"id":1,"verb":"status","args":{}}"#)
    guard let times = status["result"]?["event_to_output_us"], let count = times["count"]?.integerValue,
      count > 0,
      let p50 = times["p50"]?.doubleValue, let p99 = times["p99"]?.doubleValue
    else { throw BenchFault("status has no event_to_output_us with a count") }
    return Figure(
      name: "event-to-output", unit: "us",
      subject: "ingress line to the output image that unlocks, \(count) events, record durable first",
      ours: [("p50", p50), ("p99", p99)],
      baseline: "one socket round trip and one SQLite commit (WAL, FULL); the scan adds up to 1 ms",
      raw: microseconds(raw), goal: nil)
  }
}

/// The two things that no design can leave out: a line over a Unix socket and back, and one durable row.
final class RawExchange {
  private let client: UnixConnection
  private let server: UnixConnection
  private let store: RawSQLite
  private let record = [UInt8](repeating: UInt8(ascii: "x"), count: 300)

  init(folder: String) throws {
    let listener = try UnixListener(path: "\(folder)/echo.sock")
    client = try UnixConnection(path: listener.path)
    var accepted: UnixConnection?
    while accepted == nil { accepted = try listener.accept() }
    server = accepted!
    try server.setNonBlocking(false)
    store = try RawSQLite(path: "\(folder)/raw.db")
  }

  /// Nanoseconds of one exchange.
  func exchange() throws -> UInt64 {
    let began = MonotonicClock.now()
    try client.writeAll(record)
    _ = try server.read()
    try store.append(record, count: 1)
    try server.writeAll(record)
    _ = try client.read()
    return MonotonicClock.now() - began
  }
}
