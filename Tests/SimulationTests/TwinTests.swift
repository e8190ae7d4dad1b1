import ControlCore
import Site
import Testing

@testable import Simulation

@Suite struct TwinTests {
  private static let half = Interval.seconds(1_800)

  @Test(arguments: [1, 2, 6] as [UInt64])
  func noPromiseIsBrokenInHalfAnHourOfFaults(seed: UInt64) {
    let report = Twin(site: Garage.site, seed: seed, length: Self.half).run()
    #expect(report.violations == 0, "seed \(seed): \(report.details)")
    #expect(report.faults > 10 && report.events > 200, "seed \(seed) played too little: \(report)")
  }

  /// Plans and lost lines all the time, with a fire line whose loss is fire.
  @Test func plansKeepTheirRankWhateverComes() {
    var site = Garage.site
    site.control.emergencies[0].lostCounts = true
    let plan = FaultPlan(everySeconds: [
      .fire: 120, .lockdown: 60, .sensorLost: 60, .busSilent: 300, .wildOrder: 100,
    ])
    let report = Twin(site: site, seed: 11, length: Self.half, plan: plan).run()
    #expect(report.violations == 0, "\(report.details)")
    #expect(report.faults > 50, "\(report)")
  }

  @Test func theSameSeedIsTheSameRun() {
    let first = Twin(site: Garage.site, seed: 42, length: .seconds(600)).run()
    #expect(Twin(site: Garage.site, seed: 42, length: .seconds(600)).run() == first)
    #expect(Twin(site: Garage.site, seed: 43, length: .seconds(600)).run().traceHash != first.traceHash)
  }

  @Test func withoutFaultsCarsPassAndNothingBreaks() {
    let report = Twin(site: Garage.site, seed: 7, length: .seconds(900), plan: .calm).run()
    #expect(report.faults == 0 && report.violations == 0, "\(report.details)")
  }

  /// A controller that is wrong in one way, and what the oracle must say of it.
  struct Wrong: CustomTestStringConvertible, Sendable {
    var name: String
    var expected: String
    var mutation: @Sendable (inout OutputImage, Instant) -> Void
    var testDescription: String { name }
  }

  static let wrongs: [Wrong] = [
    Wrong(name: "both directions", expected: "both directions") { outputs, _ in
      if outputs[Garage.output("lane1.raise")] { outputs[Garage.output("lane1.lower")] = true }
    },
    Wrong(name: "moves by itself", expected: "opening without") { outputs, now in
      if now.nanoseconds / 1_000_000_000 % 97 == 40 {
        outputs[Garage.output("lane2.raise")] = true
      }
    },
    Wrong(name: "unlocks by itself", expected: "unlocking without") { outputs, now in
      if now.nanoseconds / 1_000_000_000 % 97 == 50 {
        outputs[Garage.output("lobby.strike")] = true
      }
    },
    Wrong(name: "stays unlocked", expected: "stays unlocked") { outputs, now in
      if now > .zero + .seconds(300) && now < .zero + .seconds(400) {
        outputs[Garage.output("lobby.strike")] = true
      }
    },
    Wrong(name: "never releases", expected: "a released door is locked") { outputs, _ in
      outputs[Garage.output("lobby.strike")] = false
    },
    Wrong(name: "closes on everybody", expected: "closing") { outputs, now in
      if now.nanoseconds / 1_000_000_000 % 60 == 30 { outputs[Garage.output("lane1.lower")] = true }
    },
  ]

  /// Nothing but fire, so that the rest cannot excuse anything.
  static let fires = FaultPlan(everySeconds: [.fire: 150])

  @Test(arguments: wrongs)
  func aBrokenControllerIsFound(wrong: Wrong) {
    let report = Twin(
      site: Garage.site, seed: 5, length: .seconds(600), plan: Self.fires, mutation: wrong.mutation
    ).run()
    #expect(report.details.contains { $0.contains(wrong.expected) }, "\(wrong.name): \(report.details)")
  }

  @Test func anAgendaGivesTheSoonestAndKeepsTheOrder() {
    var agenda = Agenda<Int>()
    for (item, seconds) in [(1, 5), (2, 3), (3, 5), (4, 1)] as [(Int, UInt64)] {
      agenda.put(item, at: .zero + .seconds(seconds))
    }
    #expect(agenda.take(upTo: .zero) == nil)
    var taken: [Int] = []
    while let item = agenda.take(upTo: .zero + .seconds(9)) { taken.append(item) }
    #expect(taken == [4, 2, 1, 3])
  }
}
