import Messages
import Platform

/// Hold-to-run: the order is given again and again, until the point is there or the person ends it.
extension Verb {
  /// Well within what the controller lets pass in silence.
  private static var pause: UInt64 { 150 }
  private static var longest: Int64 { 120_000 }

  static func hold(_ call: Call) throws(ShellFault) -> Int32 {
    let (point, way) = (call.words.free[0], call.words.free[1])
    let opens = try choice(way, yes: "open", no: "close")
    let time = try call.words.duration("--for") ?? 30_000
    guard time <= longest else {
      throw .misuse("--for takes at most \(longest / 1_000)s; hold it again then")
    }
    let order: JSONValue = ["point": .string(point), "way": .string(way)]
    let end = MonotonicClock.now() + UInt64(time) * 1_000_000
    if call.console.interactive { call.console.say("\(point): keep it in sight; enter stops it") }
    defer { _ = try? call.transport.ask("hold", ["point": .string(point), "way": "stop"]) }
    while MonotonicClock.now() < end, call.console.goesOn() {
      _ = try call.transport.ask("hold", order)
      if try state(of: point, call.transport) == (opens ? "open" : "closed") {
        return done(call, "\(point) is \(opens ? "open" : "closed")")
      }
      MonotonicClock.sleep(milliseconds: pause)
    }
    call.console.say("\(point): let go on its way")
    call.console.tell(["ok": false])
    return 1
  }

  private static func state(of point: String, _ transport: any ControlTransport) throws(ShellFault) -> String?
  {
    try transport.ask("points").arrayValue?.first { $0["name"]?.stringValue == point }?["state"]?.stringValue
  }
}
