import Simulation
import Testing

/// The figures that the README publishes, with bounds.
@Suite struct PlateTrialTests {
  @Test func toleranceGainsMuchAndGivesNothingAway() {
    let trial = PlateTrial(seed: 417)
    let table = Comment(rawValue: "seed 417\n" + trial.lines.joined(separator: "\n"))
    #expect(trial.reads == 100_000 && trial.entries == 10_000)
    #expect(trial.wrongBeyond == 0, table)
    #expect(trial.deniedGranted == 0, table)
    #expect(trial.wrong * 1_000 <= trial.gained, table)
    #expect(trial.gained * 2 > trial.misread, table)
    #expect(trial.ambiguous * 100 < trial.misread, table)
    #expect(trial.deniedKnown > 0, table)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 20_261_122] as [UInt64]) func neverBeyondTheConfusion(_ seed: UInt64) {
    let trial = PlateTrial(seed: seed, reads: 40_000, entries: 10_000)
    let table = Comment(rawValue: "seed \(seed)\n" + trial.lines.joined(separator: "\n"))
    #expect(trial.wrongBeyond == 0, table)
    #expect(trial.deniedGranted == 0, table)
  }

  @Test func oneSeedIsOneResult() {
    let first = PlateTrial(seed: 7, reads: 3_000, entries: 1_000)
    #expect(first == PlateTrial(seed: 7, reads: 3_000, entries: 1_000))
    #expect(first != PlateTrial(seed: 8, reads: 3_000, entries: 1_000))
  }
}
