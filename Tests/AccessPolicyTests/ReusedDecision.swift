import ControlCore
import Testing

@testable import AccessPolicy

/// A decision that stands already, written over: nothing of it may shine through.
@Suite struct ReusedDecision {
  /// Unlike a new one in every field, the trace full.
  static func worn() -> AccessDecision {
    let key = try! CredentialKey.parse("card:H10301/7/7")
    var decision = AccessDecision()
    (decision.outcome, decision.reason, decision.entry, decision.credential) = (.grant, .muster, 77, key)
    (decision.isTolerant, decision.near, decision.extended, decision.duress) = (true, (7, 8), true, true)
    (decision.passbackExempt, decision.passbackViolated, decision.isRepeat) = (true, true, true)
    (decision.repeated, decision.passesLockdown, decision.waits) = (7, true, .person)
    (decision.renews, decision.waitsForEither) = (7, true)
    (decision.heldFactor, decision.heldPerson, decision.kinds, decision.keepsHeld) = (7, 8, 9, true)
    (decision.isWrongFactor, decision.group, decision.validFrom, decision.countsUses) = (true, 7, 7, true)
    (decision.member.holder, decision.member.groups, decision.escortRequired) = (7, 7, true)
    (decision.mate, decision.lapsed, decision.lapsedReason) = (7, key, .muster)
    (decision.lapsedHeld, decision.shown, decision.mateTerms.countsUses) = (7, key, true)
    decision.judgedAgain = 7
    decision.room = (8, 9)
    for _ in 0..<40 { decision.trace.note(.quota, .fail, .groupFull, 7, 7, 7) }
    return decision
  }

  /// Every field by name, whichever there are, and the trace as far as it goes.
  static func fields(_ decision: AccessDecision) -> [String] {
    Mirror(reflecting: decision).children.map { field in
      guard let trace = field.value as? Trace else { return "\(field.label ?? ""): \(field.value)" }
      return "trace: \((0..<trace.count).map { trace[$0] }), lost \(trace.lost)"
    }
  }

  @Test func aWornOneDiffersInEveryField() {
    for (worn, new) in zip(
      ReusedDecision.fields(ReusedDecision.worn()), ReusedDecision.fields(AccessDecision()))
    {
      #expect(worn != new)
    }
  }
}
