import ControlCore
import Site
import Testing

@testable import Simulation

/// The airlock and the turnstile in the twin, and their plants alone.
@Suite struct AirlockTests {
  @Test(arguments: [1, 4, 9] as [UInt64])
  func noPromiseIsBrokenInHalfAnHourOfFaults(seed: UInt64) {
    let report = Twin(site: Airlock.site, seed: seed, length: .seconds(1_800)).run()
    #expect(report.violations == 0, "seed \(seed): \(report.details)")
    #expect(report.faults > 10 && report.events > 200, "seed \(seed) played too little: \(report)")
  }

  static let wrongs: [TwinTests.Wrong] = [
    .init(name: "both doors at once", expected: "of its interlock are open") { outputs, _ in
      if outputs[Airlock.output("outerLock")] { outputs[Airlock.output("innerLock")] = true }
    },
    .init(name: "a turnstile for nothing", expected: "lets somebody through without a grant") {
      outputs, now in
      if now.nanoseconds / 1_000_000_000 % 7 == 3 { outputs[Airlock.output("gymIn")] = true }
    },
    .init(name: "free without a release", expected: "free without a release") { outputs, now in
      if now.nanoseconds / 1_000_000_000 % 97 == 40 { outputs[Airlock.output("gymFree")] = false }
    },
    .init(name: "locked in a fire", expected: "a released turnstile is locked") { outputs, _ in
      outputs[Airlock.output("gymFree")] = true
    },
  ]

  @Test(arguments: wrongs) func aBrokenControllerIsFound(wrong: TwinTests.Wrong) {
    let report = Twin(
      site: Airlock.site, seed: 5, length: .seconds(600), plan: TwinTests.fires, mutation: wrong.mutation
    ).run()
    #expect(report.details.contains { $0.contains(wrong.expected) }, "\(wrong.name): \(report.details)")
  }

  private func bench() -> (plant: Plant, outputs: [Bool]) {
    var outputs = Airlock.site.control.outputs.map(\.safe)
    // The magnet holds and the arms are up while they are energised.
    outputs[Airlock.output("hallMagnet").position] = true
    outputs[Airlock.output("gymFree").position] = true
    return (Plant(setting: Airlock.site.control), outputs)
  }

  private func run(_ plant: inout Plant, _ outputs: [Bool], seconds: Int) {
    for _ in 0..<(seconds * 100) { plant.step(outputs, by: .milliseconds(10)) }
  }

  @Test func aTurnstileLetsOneThroughOnOnePulse() {
    let gym = Airlock.point("gym")
    var (plant, outputs) = bench()
    plant.visit(Person(), at: gym)
    plant.visit(Person(), at: gym)
    outputs[Airlock.output("gymIn").position] = true
    run(&plant, outputs, seconds: 1)
    outputs[Airlock.output("gymIn").position] = false
    run(&plant, outputs, seconds: 9)
    #expect(plant.turnstile(gym)!.passedIn == 1 && plant.turnstile(gym)!.turnedAway == 1)
    plant.visit(Person(), at: gym, side: .out)
    outputs[Airlock.output("gymFree").position] = false
    run(&plant, outputs, seconds: 3)
    #expect(plant.turnstile(gym)!.passedOut == 1, "free both ways")
  }

  @Test func theRotorTellsEachTurn() {
    let gym = Airlock.point("gym")
    var (plant, outputs) = bench()
    plant.visit(Person(intent: .force), at: gym)
    let sensor = Airlock.site.inputNames.firstIndex(of: "turnIn")!
    var turns = 0
    var before = false
    for _ in 0..<500 {
      plant.step(outputs, by: .milliseconds(10))
      if plant.levels[sensor] && !before { turns += 1 }
      before = plant.levels[sensor]
    }
    outputs = []
    #expect(turns == 1 && plant.turnstile(gym)!.forced == 1)
  }

  @Test func aMagnetsBondFollowsMagnetLeafAndDirt() {
    let hall = Airlock.point("hall")
    let bond = Airlock.site.inputNames.firstIndex(of: "hallBond")!
    var (plant, outputs) = bench()
    run(&plant, outputs, seconds: 1)
    #expect(plant.levels[bond])
    plant.setLoose(true, at: hall)
    run(&plant, outputs, seconds: 1)
    #expect(!plant.levels[bond])
    plant.setLoose(false, at: hall)
    outputs[Airlock.output("hallMagnet").position] = false
    run(&plant, outputs, seconds: 1)
    #expect(!plant.levels[bond])
  }
}
