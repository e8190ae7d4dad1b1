import ControlCore
import Testing

/// One line of a scenario: do something, or say what must stand now.
enum Step: Sendable {
  case set(Int, Bool)
  case lose(Int)
  case order(Command.Action)
  /// Let so many milliseconds pass.
  case run(Int)
  /// The events since the last `expect`, as words.
  case expect([String])
  /// The outputs that are on, and no others.
  case on([Int])
  case state(PointState)
  case fault(Cause)
  /// Something happens to the motor or its limits.
  case plant(Mischief)
}

struct Scenario: Sendable, CustomTestStringConvertible {
  let name: String
  let steps: [Step]

  init(_ name: String, _ steps: [Step]) {
    self.name = name
    self.steps = steps
  }

  var testDescription: String { name }

  /// Plays the scenario on a fresh controller; point 0 is the one that `state` and `fault` speak of.
  func play(_ setting: ControllerSetting, leaf: Leaf? = nil, prepare: (Rig) -> Void) {
    let rig = Rig(setting)
    if let leaf { rig.plant = { leaf.move($0) } }
    prepare(rig)
    rig.forget()
    for (line, step) in steps.enumerated() { play(step, rig, leaf, "\(name), line \(line + 1)") }
  }

  private func play(_ step: Step, _ rig: Rig, _ leaf: Leaf?, _ place: String) {
    switch step {
    case .set(let input, let level): rig.set(input, level)
    case .lose(let input): rig.lose(input)
    case .order(let action): rig.order(action)
    case .run(let milliseconds): rig.run(milliseconds)
    case .expect(let words):
      #expect(rig.words == words, "\(place)")
      rig.forget()
    case .on(let outputs):
      let on = (0..<rig.setting.outputs.count).filter { rig[$0] }
      #expect(on == outputs, "\(place)")
    case .state(let state): #expect(rig.status().state == state, "\(place)")
    case .fault(let cause): #expect(rig.status().fault == cause, "\(place)")
    case .plant(let mischief): leaf?.suffer(mischief)
    }
  }
}

let point0 = PointIndex(0)

func grant(_ passage: UInt64, at point: Int = 0, side: Side = .in, extended: Bool = false) -> Command.Action {
  .grant(PointIndex(point), Grant(passage: passage, side: side, extended: extended))
}

extension Step {
  var namesOutputs: Bool {
    if case .on = self { return true }
    return false
  }
}

extension Scenario {
  /// Its course depends on a motor that stops when its output falls.
  var isAboutHolding: Bool {
    name.contains("too long") || name.contains("maintenance") || name.contains("not start")
  }
}
