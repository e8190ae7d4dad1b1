import Messages
import Platform

/// What makes a command of HQ one to be done: signed, with a challenge that this gateway drew for this connection a short
/// while ago, not done before, and not out of date.
///
/// How old a challenge is tells a clock that never jumps: one that was set back makes no command young again. The date
/// in the command is a second bound.
struct CommandGate {
  private struct Challenge {
    var text: String
    /// Nanoseconds of a clock that never jumps.
    var drawnAt: UInt64
  }

  /// The newest last.
  private var challenges: [Challenge] = []
  /// Commands that were done, each as long as its challenge is good.
  private var done: [(id: String, challenge: Challenge)] = []

  /// Every birth says one of its own, so that two who ask at once do not get in each other's way.
  mutating func draw(tick: UInt64) -> String {
    challenges.removeAll { Self.isOver($0, tick) }
    done.removeAll { Self.isOver($0.challenge, tick) }
    // Who asks and asks drives out what others were given, and never fills the memory.
    if challenges.count >= UplinkLimits.challenges { challenges.removeFirst() }
    let text = Hex.text(RandomBytes.make(16))
    challenges.append(Challenge(text: text, drawnAt: tick))
    return text
  }

  private static func isOver(_ challenge: Challenge, _ tick: UInt64) -> Bool {
    tick >= challenge.drawnAt + UplinkLimits.challengeMilliseconds * 1_000_000
  }

  /// Whether the newest will soon be over: whoever heard the last birth is to have a good one at every time.
  func isGrowingOld(tick: UInt64) -> Bool {
    guard let newest = challenges.last else { return false }
    return tick >= newest.drawnAt + UplinkLimits.challengeMilliseconds * 750_000
  }

  /// Whether a new one would be news.
  func isWorthSaying(tick: UInt64) -> Bool {
    guard let newest = challenges.last else { return true }
    return tick >= newest.drawnAt + UplinkLimits.refusalMilliseconds * 1_000_000
  }

  /// - Parameters:
  ///   - now: what the clock on the wall says.
  ///   - tick: nanoseconds of a clock that never jumps.
  /// - Throws: ``MessageFault``; the command is not to be done.
  mutating func admit(_ command: UplinkCommand, now: Timestamp, tick: UInt64) throws(MessageFault) {
    guard now < command.expires else { throw MessageFault("it expired at \(command.expires)") }
    guard command.verb == "open" else { throw MessageFault("the verb '\(command.verb)' is not known here") }
    guard let place = challenges.firstIndex(where: { $0.text == command.challenge }) else {
      throw MessageFault(
        "the challenge is not one of this connection, or too many came after it: ask again with that of a new birth"
      )
    }
    guard !Self.isOver(challenges[place], tick) else {
      throw MessageFault(
        "the challenge was drawn longer than \(UplinkLimits.challengeMilliseconds / 1_000) s ago: ask again with that "
          + "of a new birth")
    }
    guard !done.contains(where: { $0.id == command.id }) else {
      throw MessageFault("the command '\(command.id)' was done before")
    }
    guard done.count < UplinkLimits.commands else {
      throw MessageFault(
        "\(UplinkLimits.commands) commands were done in the last \(UplinkLimits.challengeMilliseconds / 1_000) s"
      )
    }
    done.append((command.id, challenges[place]))
  }
}
