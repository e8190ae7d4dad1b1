import Messages
import Platform

/// What makes a command of HQ one to be done: signed, for this connection, not out of date, and not done before.
struct CommandGate {
  /// Drawn anew for every connection; the birth tells it.
  let challenge: String
  private var done: Set<String> = []

  init() {
    challenge = Hex.text(RandomBytes.make(16))
  }

  mutating func admit(_ command: UplinkCommand, now: Timestamp) throws(MessageFault) {
    guard command.challenge == challenge else {
      throw MessageFault("the challenge is not this connection's: ask again with that of the last birth")
    }
    guard now < command.expires else { throw MessageFault("it expired at \(command.expires)") }
    guard command.verb == "open" else { throw MessageFault("the verb '\(command.verb)' is not known here") }
    guard done.count < UplinkLimits.commands else {
      throw MessageFault("too many commands in one connection")
    }
    guard done.insert(command.id).inserted else {
      throw MessageFault("the command \(command.id) was given before")
    }
  }
}
