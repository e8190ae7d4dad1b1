import ControlCore
import Messages
import Platform
import Site

/// A person's connection that drives a point for as long as it says so.
struct HoldKey: Hashable {
  var connection: UInt64
  var point: PointIndex
}

struct HoldSession {
  var way: HoldWay
  /// As it was answered last, and when.
  var outcome: String
  var last: Instant

  /// Its last order is obeyed still.
  func isHolding(_ now: Instant) -> Bool {
    outcome == "accepted" && now.since(last) < Limits.holdOrder
  }
}

/// Hold-to-run over the control socket: the machine obeys each order for ``Limits/holdOrder``, and no longer than the
/// session lasts. The log has the first of many orders that are answered alike.
extension DecisionThread {
  /// - Returns: false where the order is answered already.
  mutating func admitsHold(_ order: Order, _ now: Instant) -> Bool {
    guard case .hold(let point, _) = order.action else { return true }
    let own = HoldKey(connection: order.reply.connection, point: point)
    let isTaken = holds.contains { key, session in
      key.point == point && key != own && session.isHolding(now)
    }
    if isTaken {
      finish(
        order, outcome: "refused", cause: "already-busy",
        error: "refused: already-busy: somebody else holds it")
    }
    return !isTaken
  }

  /// Whether the log has to tell this answer: one of many alike is told once.
  mutating func isNews(_ order: Order, _ outcome: String) -> Bool {
    guard case .hold(let point, let way) = order.action else { return true }
    let now = Instant(nanoseconds: MonotonicClock.now())
    let key = HoldKey(connection: order.reply.connection, point: point)
    let before = holds.updateValue(HoldSession(way: way, outcome: outcome, last: now), forKey: key)
    if way == .letGo { holds[key] = nil }
    guard let before else { return true }
    let isAlike = before.way == way && before.outcome == outcome
    return !isAlike || now.since(before.last) >= RuntimeLimits.holdPause
  }

  /// The session is over: what it held stops at once.
  mutating func letGo(connection: UInt64) {
    let now = Instant(nanoseconds: MonotonicClock.now())
    for (key, session) in holds where key.connection == connection {
      holds[key] = nil
      guard session.isHolding(now) else { continue }
      let command = Command(
        .hold(key.point, .letGo), token: ports.commands.nextToken(), issued: now,
        expires: now + RuntimeLimits.commandLife)
      _ = ports.commands.post(command)
    }
  }
}
