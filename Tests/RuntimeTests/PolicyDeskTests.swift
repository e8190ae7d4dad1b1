import AccessPolicy
import ControlCore
import Journal
import Site
import Testing

@testable import Runtime

/// Those inside count for whom the list says, after a start and after another list.
struct PolicyDeskTests {
  private static let site = """
    {
      gateway: { id: "gw-desk", site: "bench", timezone: "UTC" },
      gpio: { bench: { simulated: true } },
      outputs: { strike: { gpio: "bench", line: 0, safe: false } },
      points: { door: { kind: "door", outputs: { unlock: "strike" }, fail: "secure" } },
      readers: { card: { point: "door", side: "in", kind: "card" } },
      schedules: { always: {} },
      groups: { all: { points: ["door"], schedule: "always" } },
      areas: { house: { entries: ["door"], quotas: { all: { holder: 1 } } } },
      journal: { capacity: 1000 },
    }
    """
  /// More than are counted at a time.
  private static let inside = 3 * PolicyLimits.statesRecounted

  private let site: SiteDescription

  init() throws {
    site = try SiteFile.read(Array(Self.site.utf8), path: "desk.json5", profiles: nil)
  }

  private static func card(_ number: Int) -> String { "card:H10301/1/\(number)" }

  /// - Parameter shared: who has the same holder as the one at the door.
  private func list(version: UInt64, shared: Int?) throws -> ListSnapshot {
    let rows = try (0...Self.inside).map { number in
      let isShared = number == Self.inside || number == shared
      return ListRow(
        credential: try CredentialKey.parse(Self.card(number)),
        holder: isShared ? "household \(version)" : "holder \(number)", groups: [0])
    }
    return ListSnapshot(rows: rows, version: version, groups: site.policy.groups)
  }

  private func desk() -> PolicyDesk {
    var past = PastState(journal: nil)
    past.passage.presences = (0..<Self.inside).map {
      .init(credential: Self.card($0), area: "house", at: Int64($0))
    }
    return PolicyDesk(site: site, past: past)
  }

  private func judged(_ desk: inout PolicyDesk, _ list: ListSnapshot) throws -> Reason {
    let request = AccessRequest(
      reader: ReaderIndex(0), credential: try CredentialKey.parse(Self.card(Self.inside)),
      at: 1_795_305_600_000,
      now: Instant(nanoseconds: 1_000_000_000_000))
    return desk.judge(request, list).reason
  }

  @Test func theFirstListCountsForTheFirstDecision() throws {
    var desk = desk()
    #expect(try judged(&desk, .empty()) == .deniedUnknownCredential)
    #expect(try judged(&desk, try list(version: 7, shared: Self.inside - 1)) == .deniedUpperOccupancyLimit)
    let isCounting = desk.isCounting
    #expect(!isCounting)
  }

  @Test func anotherListIsCountedByInParts() throws {
    var desk = desk()
    #expect(try judged(&desk, try list(version: 7, shared: nil)) == .granted)
    let next = try list(version: 8, shared: Self.inside - 1)
    // A door that opens meanwhile goes by the list before, and by a part of the next.
    #expect(try judged(&desk, next) == .granted)
    var parts = 1
    while desk.isCounting, parts < 100 {
      desk.recount(next)
      parts += 1
    }
    #expect(parts == 3)
    #expect(try judged(&desk, next) == .deniedUpperOccupancyLimit)
    #expect(try judged(&desk, try list(version: 9, shared: 0)) == .deniedUpperOccupancyLimit)
  }
}
