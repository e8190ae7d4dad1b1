import Messages
import Synchronization

/// One thing that the demo says it will show, and whether it did.
struct DemoPromise: Sendable {
  enum Outcome: Sendable, Equatable {
    case kept
    case broken(String)
    /// The time given was too short for it.
    case leftOut
  }

  var name: String
  var outcome: Outcome

  var json: JSONValue {
    switch outcome {
    case .kept: ["promise": .string(name), "kept": true]
    case .broken(let why): ["promise": .string(name), "kept": false, "why": .string(why)]
    case .leftOut: ["promise": .string(name), "left_out": true]
    }
  }

  var line: String {
    switch outcome {
    case .kept: "  kept      \(name)"
    case .broken(let why): "  BROKEN    \(name): \(why)"
    case .leftOut: "  left out  \(name) (more time: --for)"
    }
  }
}

/// A scene went other than promised.
struct DemoFault: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// What became of each promise, in the order in which they were settled; scenes run on several threads.
final class DemoLedger: Sendable {
  private let promises = Mutex<[DemoPromise]>([])

  func settle(_ name: String, _ outcome: DemoPromise.Outcome) {
    promises.withLock { $0.append(DemoPromise(name: name, outcome: outcome)) }
  }

  var all: [DemoPromise] { promises.withLock { $0 } }

  var isWhole: Bool {
    all.allSatisfy { promise in
      if case .broken = promise.outcome { false } else { true }
    }
  }
}
