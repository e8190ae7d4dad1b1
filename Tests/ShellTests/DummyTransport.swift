import Messages
import Testing

@testable import Shell

/// A controller made of answers that a test writes down.
final class DummyTransport: ControlTransport {
  private let answers: [String: JSONValue]
  private let refusal: ShellFault?
  private let events: [JSONValue]
  /// What was asked, as `verb {"arguments"}`.
  private(set) var asked: [String] = []

  init(_ answers: [String: JSONValue] = [:], refusal: ShellFault? = nil, events: [JSONValue] = []) {
    self.answers = answers
    self.refusal = refusal
    self.events = events
  }

  func ask(_ verb: String, _ arguments: JSONValue) throws(ShellFault) -> JSONValue {
    asked.append("\(verb) \(arguments.text)")
    if let refusal { throw refusal }
    return answers[verb] ?? ["accepted": true]
  }

  func stream(
    _ verb: String, _ arguments: JSONValue, while goesOn: () -> Bool, each: (JSONValue) -> Void
  ) throws(ShellFault) {
    asked.append("\(verb) \(arguments.text)")
    for event in events where goesOn() { each(event) }
  }
}

/// One run of the shell's program over a ``DummyTransport``.
struct ShellRun {
  var code: Int32 = 0
  var output: [String] = []
  var errors: [String] = []

  init(_ line: String, _ transport: DummyTransport = DummyTransport(), offline: OfflineWork = .none) {
    let box = Box()
    let shell = TechnicianShell(
      table: .standard(offline: offline), connect: { _ in transport }, write: { box.output.append($0) },
      complain: { box.errors.append($0) })
    code = shell.run(TechnicianShell.split(line), isTerminal: false)
    output = box.output
    errors = box.errors
    // A table for a spreadsheet is as wide as it is, and so is a record.
    for line in output where !line.hasPrefix("{") && !line.hasSuffix("\r") {
      #expect(DisplayWidth.of(line) <= 80, "more than 80 columns: \(line)")
    }
  }

  var text: String { output.joined(separator: "\n") }

  private final class Box {
    var output: [String] = []
    var errors: [String] = []
  }
}

extension OfflineWork {
  static let none = OfflineWork(
    verify: { (path) throws(ShellFault) in
      if path == "good.db" { return .intact(records: 12) }
      if path == "bad.db" { return .broken(seq: 5, why: "digest") }
      throw .misuse("no file \(path)")
    },
    records: { (path, after, limit, each) throws(ShellFault) in
      guard path == "good.db" else { throw .misuse("no file \(path)") }
      for seq in 1...12 where seq > after && seq <= after + limit { each("{\"seq\":\(seq)}") }
    },
    why: { (question) throws(ShellFault) in
      [
        "decision": .string(question.credential == "plate:A" ? "grant" : "deny"), "reason": "granted",
        "rules": [],
      ]
    })
}
