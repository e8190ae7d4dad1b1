import ControlCore
import Testing

/// What happens to a point in every state at every change of its inputs, as lines of text.
///
/// A line is `state; change: events; state after; outputs that are on`. Only what happens has a line: for every other
/// state and change, nothing does, and the test sees to that as well.
struct StateTable {
  struct Act {
    let name: String
    let play: (Rig) -> Void

    init(_ name: String, _ play: @escaping (Rig) -> Void) {
      self.name = name
      self.play = play
    }
  }

  let setting: ControllerSetting
  let outputNames: [String]
  let prepare: (Rig) -> Void
  let states: [Act]
  let changes: [Act]

  /// The whole table.
  func lines() -> [String] {
    states.flatMap { state in changes.compactMap { line(state, $0) } }
  }

  private func line(_ state: Act, _ change: Act) -> String? {
    let rig = Rig(setting)
    prepare(rig)
    state.play(rig)
    rig.forget()
    let before = tail(rig)
    change.play(rig)
    let after = tail(rig)
    // A wire that is lost is told, wherever that happens.
    let words = rig.words.filter { $0 != "inputLost" }
    guard !words.isEmpty || after != before else { return nil }
    return "\(state.name); \(change.name): \(words.joined(separator: " ")); \(after)"
  }

  private func tail(_ rig: Rig) -> String {
    let on = outputNames.indices.filter { rig[$0] }.map { outputNames[$0] }
    return "\(rig.status().state); \(on.isEmpty ? "-" : on.joined(separator: " "))"
  }

  /// Compares with the table as it is written down, line by line.
  func check(_ written: String, _ name: String) {
    let wanted = written.split(separator: "\n").map(String.init)
    let found = lines()
    for line in found where !wanted.contains(line) { Issue.record("\(name), not in the table: \(line)") }
    for line in wanted where !found.contains(line) { Issue.record("\(name), did not happen: \(line)") }
    #expect(found.count == wanted.count, "\(name): a line stands twice")
  }
}

extension StateTable.Act {
  static func set(_ name: String, _ input: Int, _ level: Bool, milliseconds: Int = 1) -> Self {
    Self(name) { rig in
      rig.set(input, level)
      rig.run(milliseconds)
    }
  }

  static func lose(_ name: String, _ input: Int) -> Self {
    Self(name) { rig in
      rig.lose(input)
      rig.run(1)
    }
  }

  static func order(_ name: String, _ actions: Command.Action...) -> Self {
    Self(name) { rig in
      for action in actions { rig.order(action) }
      rig.run(1)
    }
  }

  /// This, and then another.
  func then(_ name: String, _ next: Self) -> Self {
    let first = play
    return Self(name) { rig in
      first(rig)
      next.play(rig)
    }
  }
}
