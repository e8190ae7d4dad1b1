import Simulation
import Testing

/// The figures that the README publishes, with bounds.
@Suite struct PlateTrialTests {
  /// A camera may misread one car's plate into something that is near to another's entry: no tolerance can tell. So
  /// many such grants in 100,000 reads are the bound; denied cars have none.
  @Test func toleranceGainsMuchAndGivesLittleAway() {
    let trial = PlateTrial(seed: 417)
    let table = Comment(rawValue: "seed 417\n" + trial.lines.joined(separator: "\n"))
    #expect(trial.reads == 100_000 && trial.entries == 10_000)
    #expect(trial.wrongBeyond <= 10, table)
    #expect(trial.wrong <= 20, table)
    #expect(trial.deniedGranted == 0, table)
    #expect(trial.gained * 5 > trial.misread * 2, table)
    #expect(trial.ambiguous * 100 < trial.misread, table)
    #expect(trial.deniedKnown > 0, table)
  }

  @Test(arguments: [1, 2, 20_261_122] as [UInt64]) func aDeniedCarIsNeverGranted(_ seed: UInt64) {
    let trial = PlateTrial(seed: seed, reads: 30_000, entries: 10_000)
    let table = Comment(rawValue: "seed \(seed)\n" + trial.lines.joined(separator: "\n"))
    #expect(trial.wrongBeyond <= 5, table)
    #expect(trial.deniedGranted == 0, table)
  }

  @Test func oneSeedIsOneResult() {
    let first = PlateTrial(seed: 7, reads: 3_000, entries: 1_000)
    let again = PlateTrial(seed: 7, reads: 3_000, entries: 1_000)
    let other = PlateTrial(seed: 8, reads: 3_000, entries: 1_000)
    #expect(first == again)
    #expect(first != other)
  }
}
