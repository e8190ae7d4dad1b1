import Platform

/// Why the guard took the outputs.
enum GuardCause: Equatable, Sendable {
  /// No heartbeat for so many milliseconds.
  case silent(milliseconds: UInt64)
  case signalled(Int32)
  case exited(Int32)
  /// No first scan within the start-up limit.
  case startTooLong
  /// A chip that was missing is there: the controller was stopped in order, to start with it.
  case chipReturned

  init(_ ending: ChildProcess.Ending) {
    switch ending {
    case .exited(let status): self = .exited(status)
    case .signalled(let number): self = .signalled(number)
    }
  }

  /// The two words in which it crosses to the next controller.
  var words: (cause: UInt64, number: UInt64) {
    switch self {
    case .silent(let milliseconds): (1, milliseconds)
    case .signalled(let number): (2, UInt64(number))
    case .exited(let status): (3, UInt64(bitPattern: Int64(status)))
    case .startTooLong: (4, 0)
    case .chipReturned: (5, 0)
    }
  }

  init?(cause: UInt64, number: UInt64) {
    switch cause {
    case 1: self = .silent(milliseconds: number)
    case 2: self = .signalled(Int32(truncatingIfNeeded: number))
    case 3: self = .exited(Int32(truncatingIfNeeded: number))
    case 4: self = .startTooLong
    case 5: self = .chipReturned
    default: return nil
    }
  }

  /// As it stands in the record and in `status`.
  var text: String {
    switch self {
    case .silent(let milliseconds): "no heartbeat for \(milliseconds) ms"
    case .signalled(let number): "ended by signal \(number) (\(Signal.name(number)))"
    case .exited(let status): "exited with status \(status)"
    case .startTooLong: "no scan within the start-up limit"
    case .chipReturned: "a missing GPIO chip is there"
    }
  }
}
