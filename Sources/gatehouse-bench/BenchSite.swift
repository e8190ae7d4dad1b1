import Messages
import Platform

/// A site of one door on a simulated GPIO chip, and the real controller running it.
struct BenchSite {
  let folder: String
  var run: String { "\(folder)/run" }

  init(folder: String) throws {
    self.folder = folder
    try Files.makeDirectory("\(folder)/run")
    try Files.makeDirectory("\(folder)/state")
    try Files.write(Array(Self.text.utf8), to: "\(folder)/site.json5")
  }

  private static let text = """
    {
      gateway: { id: "bench", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      inputs: { "lobby.contact": { gpio: "bench", line: 1 } },
      outputs: { "lobby.strike": { gpio: "bench", line: 0, safe: false } },
      points: {
        lobby: { kind: "door", outputs: { unlock: "lobby.strike" }, inputs: { contact: "lobby.contact" },
                 fail: "secure", unlock_ms: 100 },
      },
      readers: { "lobby.card": { point: "lobby", side: "in", kind: "card" } },
      schedules: { always: {} },
      groups: { staff: { points: ["lobby"], schedule: "always" } },
    }
    """

  static func card(_ number: Int) -> String { "card:H10301/12/\(number + 1)" }

  static func line(_ number: Int) -> String {
    #"{"id":"\#(number)","reader":"lobby.card","credential":"\#(card(number))"}"#
  }

  /// Starts gatehoused from beside this program and waits for its sockets.
  func start() throws -> ChildProcess {
    let own = try Files.ownProgram()
    let program = own.split(separator: "/").dropLast().map { "/" + $0 }.joined() + "/gatehoused"
    let daemon = try ChildProcess(
      program, ["--site", "\(folder)/site.json5", "--state", "\(folder)/state", "--run", run],
      output: .append(path: "\(folder)/gatehoused.log"), error: .append(path: "\(folder)/gatehoused.log"))
    for _ in 0..<500 {
      if (try? UnixConnection(path: "\(run)/control.sock")) != nil { return daemon }
      MonotonicClock.sleep(milliseconds: 20)
    }
    let log = (try? Files.read("\(folder)/gatehoused.log")).map { String(decoding: $0, as: UTF8.self) } ?? ""
    throw BenchFault("gatehoused did not open control.sock within 10 s: \(log)")
  }

  func importList(cards: Int) throws {
    let control = try LineClient(path: "\(run)/control.sock")
    let begun = try control.ask(#"{"id":1,"verb":"list.begin","args":{"merge":false,"skip_bad":false}}"#)
    guard let number = begun["result"]?["import"]?.integerValue else {
      throw BenchFault("list.begin was refused")
    }
    var rows = "credential,holder,groups,valid_from,valid_until,uses,flags\\n"
    for card in 0..<cards { rows += "\(Self.card(card)),holder \(card),staff,,,,\\n" }
    _ = try control.ask(#"{"id":2,"verb":"list.rows","args":{"import":\#(number),"text":"\#(rows)"}}"#)
    let done = try control.ask(#"{"id":3,"verb":"list.commit","args":{"import":\#(number)}}"#)
    guard done["ok"]?.boolValue == true else {
      throw BenchFault("list.commit: \(String(decoding: done.encoded(), as: UTF8.self))")
    }
  }
}
