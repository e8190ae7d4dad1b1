import Glibc
import Messages
import Platform
import TestSupport
import Testing

/// The real program.
enum Program {
  static var path: String { get throws { try program("gatehouse") } }

  static var hardware: String {
    "/" + #filePath.split(separator: "/").dropLast(3).joined(separator: "/") + "/hardware"
  }

  /// Runs it to its end; exit code and standard output.
  static func run(_ arguments: [String], seconds: UInt64 = 20) throws -> (code: Int32, lines: [String]) {
    let folder = try TemporaryDirectory()
    let output = "\(folder.path)/output"
    let process = try ChildProcess(
      path, arguments, output: .append(path: output), error: .append(path: "\(folder.path)/error"))
    let ending = try process.wait(milliseconds: seconds * 1_000)
    let text = String(decoding: (try? Files.read(output, limit: 8 << 20)) ?? [], as: UTF8.self)
    guard case .exited(let code)? = ending else { return (-1, [text]) }
    return (code, text.split(separator: "\n").map(String.init))
  }
}

@Suite struct ProgramTests {
  @Test(arguments: [
    ("plate:京A12345", 0 as Int32, "granted"), ("plate:粤BD12345", 1, "denied-credential-manual-disable"),
    ("plate:京D44556", 1, "denied-credential-not-yet-active"),
  ])
  func whyDecidesOffline(credential: String, code: Int32, reason: String) throws {
    let sites = "\(Program.hardware)/sites"
    let run = try Program.run([
      "why", "--site", "\(sites)/garage.json5", "--list", "\(sites)/garage.csv", "--reader", "lane1.camera",
      "--credential", credential, "--at", "2026-11-23T09:00:00+08:00", "--json",
    ])
    #expect(run.code == code)
    let first = try #require(run.lines.first)
    let answer = try JSONValue.parse(first)
    #expect(answer["reason"]?.stringValue == reason)
    #expect(answer["rules"]?.arrayValue?.isEmpty == false)
  }

  @Test(
    arguments: [
      ("why --site /no/site.json5", 2), ("status --run /no/run", 3), ("demo --for 5", 2),
      ("log verify --db /no/log.db", 2), ("log pull --after 0 --db /no/log.db", 2), ("help", 0),
    ] as [(String, Int32)])
  func exitCodes(line: String, code: Int32) throws {
    let run = try Program.run(line.split(separator: " ").map(String.init))
    #expect(run.code == code)
  }

  @Test func aDamagedLogIsAnAnswerAndNoMisuse() throws {
    let folder = try TemporaryDirectory()
    let path = "\(folder.path)/gatehouse.db"
    try Files.write(Array(repeating: UInt8(ascii: "x"), count: 9_000), to: path)
    let run = try Program.run(["log", "verify", "--db", path])
    #expect(run.code == 1)
    #expect(run.lines.first?.hasPrefix("chain broken at record 1: ") == true, "\(run.lines)")
    let told = try Program.run(["log", "verify", "--db", path, "--json"])
    #expect(told.code == 1)
    #expect(try JSONValue.parse(try #require(told.lines.first))["first_broken"] == 1)
  }

  @Test func theHelpFitsATerminal() throws {
    let run = try Program.run(["help"])
    #expect(run.lines.contains { $0.contains("demo") })
    for line in run.lines { #expect(line.count <= 80, "more than 80 columns: \(line)") }
  }

  /// The shell as a technician meets it: on a terminal.
  @Test func aQuestionMarkListsTheVerbsOnATerminal() throws {
    let terminal = try Terminal()
    let process = try ChildProcess(
      try Program.path, ["--run", "/no/run"], environment: ["TERM": "vt100", "LC_ALL": "C.UTF-8"],
      input: .descriptor(terminal.far), output: .descriptor(terminal.far), error: .descriptor(terminal.far))
    #expect(try terminal.until("gatehouse> "))
    terminal.type("?\n")
    #expect(try terminal.until("emergency drill"))
    #expect(try terminal.until("gatehouse> "))
    terminal.type("stat\t\n")
    #expect(try terminal.until("/no/run/control.sock: No such file"), "the tabulator completed 'status'")
    terminal.type("exit\n")
    #expect(try process.wait(milliseconds: 10_000) == .exited(0))
  }

  /// The whole thing: the real controller, killed and set on fire.
  @Test func theDemoKeepsItsPromises() throws {
    let run = try Program.run(
      ["demo", "--for", "30", "--json", "--hardware", Program.hardware], seconds: 120)
    let summary = try JSONValue.parse(Array(try #require(run.lines.last).utf8), maximumBytes: 1 << 20)[
      "summary"]
    let broken = (summary?["promises"]?.arrayValue ?? []).filter { $0["kept"]?.boolValue == false }
    #expect(run.code == 0 && broken.isEmpty, "\(broken.map(\.text))")
    let kept = (summary?["promises"]?.arrayValue ?? []).compactMap { promise in
      promise["kept"]?.boolValue == true ? promise["promise"]?.stringValue : nil
    }
    for word in ["granted car drives in", "unknown plate", "fire", "kill -9", "chain is whole"] {
      #expect(kept.contains { $0.contains(word) }, "nothing kept about '\(word)' in \(kept)")
    }
  }
}

/// A pseudo-terminal with its other end, and what came out of it.
final class Terminal {
  private let line: PseudoTerminal
  private let end: FileDescriptor
  private var seen = ""

  var far: Int32 { end.raw }

  init() throws {
    line = try PseudoTerminal(raw: false, blocking: false)
    end = try FileDescriptor.open(path: line.path, flags: O_RDWR | O_NOCTTY)
  }

  func type(_ text: String) {
    try? line.write(Array(text.utf8))
  }

  /// Reads until the text has come since the last call; false after 20 s.
  func until(_ text: String) throws -> Bool {
    let deadline = MonotonicClock.now() + 20_000_000_000
    while MonotonicClock.now() < deadline {
      if let range = seen.firstRange(of: text) {
        seen = String(seen[range.upperBound...])
        return true
      }
      let bytes = line.read(milliseconds: 200)
      seen += String(decoding: bytes, as: UTF8.self)
    }
    return false
  }
}
