import AccessPolicy
import ControlCore
import Testing

@testable import Site

@Suite("Keys of the rules")
struct CompanyTests {
  private static let rest = """
    readers: {
      card: { point: "lobby", side: "in", kind: "card", second_within_s: 20, lockout_after: 3, lockout_s: 120 },
      keypad: { point: "lobby", side: "in", kind: "pin", factors: ["pin", "card"], two_person: false },
      out: { point: "lobby", side: "out", kind: "card", factors: ["card", "pin"] },
    },
    schedules: { always: {} },
    groups: {
      staff: { points: ["lobby"], schedule: "always", untrusted_clock: "only_always", factors: ["card", "pin"] },
      guards: { points: ["lobby"], schedule: "always", passes_lockdown: true, two_person: true },
    },
    areas: {
      site: { entries: ["lobby"] },
      vault: { entries: ["lobby"], within: "site", first_in: ["guards"],
               quotas: { staff: { holder: 2 }, guards: { group: 5, holder: 1 } } },
    },
    """

  @Test func areReadAndResolved() throws {
    let policy = try load(
      door(Self.rest, doorKeys: "factors: [\"card\", \"pin\"], two_person: true")
    ).policy
    let card = policy.readers[0]
    #expect(card.factors == [.card, .pin] && card.twoPerson)
    #expect(card.secondWithin == .seconds(20) && card.wrongTries == 3 && card.lockout == .seconds(120))
    #expect(policy.readers[1].factors == [.pin, .card] && !policy.readers[1].twoPerson)
    #expect(policy.readers[2].twoPerson && policy.readers[2].secondWithin == .seconds(15))
    #expect(policy.groups[0].untrustedClock == .onlyAlways && policy.groups[0].factors == [.card, .pin])
    #expect(policy.groups[1].passesLockdown && policy.groups[1].twoPerson && !policy.groups[0].passesLockdown)
    #expect(policy.areas[0].within == nil && policy.areas[1].within == 0 && policy.areas[1].firstIn == [1])
    #expect(
      policy.areas[1].quotas.sorted { $0.group < $1.group } == [
        QuotaSetting(group: 0, ofHolder: 2), QuotaSetting(group: 1, ofHolder: 1, ofGroup: 5),
      ])
  }

  @Test(
    arguments: [
      (
        "readers: { card: { point: \"lobby\", side: \"in\", kind: \"card\", factors: [\"card\"] } },",
        "readers.card.factors: holds 1 kinds; must hold two or more"
      ),
      (
        "readers: { card: { point: \"lobby\", side: \"in\", kind: \"card\", factors: [\"card\", \"plate\"] } },",
        "readers.card.factors: no reader at this side of the point reads a plate"
      ),
      (
        "readers: { card: { point: \"lobby\", side: \"in\", kind: \"card\", factors: [\"card\", \"pni\"] } },",
        "readers.card.factors[1]: there is no kind of credential 'pni'"
      ),
      (
        "readers: { card: { point: \"lobby\", side: \"in\", kind: \"card\", lockout_after: 0 } },",
        "readers.card.lockout_after: is 0; must be from 1 to 20"
      ),
      ("areas: { a: { entries: [\"lobby\"], within: \"b\" } },", "areas.a.within: there is no area 'b'"),
      ("areas: { a: { entries: [\"lobby\"], within: \"a\" } },", "areas.a.within: leads back to itself"),
      (
        "areas: { a: { entries: [\"lobby\"], first_in: [\"x\"] } },",
        "areas.a.first_in[0]: there is no group 'x'"
      ),
      (
        "schedules: { s: {} }, groups: { g: { points: [\"lobby\"], schedule: \"s\" } }, areas: { a: { entries: [\"lobby\"], quotas: { g: {} } } },",
        "areas.a.quotas.g: limits nothing; must have holder"
      ),
      (
        "schedules: { s: {} }, groups: { g: { points: [\"lobby\"], schedule: \"s\", untrusted_clock: \"always\" } },",
        "groups.g.untrusted_clock: is \"always\"; must be one of"
      ),
    ] as [(String, String)])
  func aFaultSaysWhatWouldBeRight(_ rest: String, _ fault: String) {
    let lines = faults(door(rest))
    #expect(lines.contains { $0.hasPrefix("site.json5: \(fault)") }, "\(lines)")
    #expect(lines.count == 1, "\(lines)")
  }
}
