import Simulation
import Testing

/// The figures that the README publishes, with bounds.
@Suite struct PlateTrialTests {
  /// Two cars that differ by a look-alike only, and a car misread as exactly another's plate, no tolerance can tell apart.
  /// Beyond that, and for denied cars, there is no grant.
  @Test func toleranceGainsMuchAndGivesLittleAway() {
    let trial = PlateTrial(seed: 417)
    let table = Comment(rawValue: "seed 417\n" + trial.lines.joined(separator: "\n"))
    #expect(trial.reads == 100_000 && trial.entries == 10_000)
    #expect(trial.wrongBeyond == 0, table)
    #expect(trial.wrong <= 10, table)
    #expect(trial.deniedGranted == 0, table)
    #expect(trial.gained * 20 > trial.misread * 7, table)
    #expect(trial.ambiguous * 100 < trial.misread, table)
    #expect(trial.deniedKnown > 0, table)
  }

  /// A stranger misread, or two mistakes in one reading, may come out one look-alike from somebody's entry: three times
  /// in a million reads. One mistake in the plate of a car of the list does not.
  @Test(arguments: [1, 2, 20_261_122] as [UInt64]) func aCarOfTheListIsNotTakenForAnother(_ seed: UInt64) {
    let trial = PlateTrial(seed: seed, reads: 30_000, entries: 10_000)
    let table = Comment(rawValue: "seed \(seed)\n" + trial.lines.joined(separator: "\n"))
    #expect(trial.wrongTellable == 0, table)
    #expect(trial.wrongBeyond <= 2, table)
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
