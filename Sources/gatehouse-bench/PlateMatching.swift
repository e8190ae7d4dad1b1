import Simulation

/// What tolerant plates gain and cost, over reads made from one seed: the same on every machine.
enum PlateMatching {
  static let seed: UInt64 = 417
  /// Made anew with other cars and other mistakes, for the grants that must not be.
  static let otherSeeds: ClosedRange<UInt64> = 418...421

  static func measure() throws -> Figure {
    let trial = PlateTrial(seed: seed)
    let all = [trial] + otherSeeds.map { PlateTrial(seed: $0) }
    let beyond = all.reduce(0) { $0 + $1.wrongBeyond }
    let reads = all.reduce(0) { $0 + $1.reads }
    return Figure(
      name: "plates", unit: "reads",
      subject: "tolerant plates: \(trial.reads) made reads, a list of \(trial.entries), seed \(seed)",
      ours: [
        ("misread", Double(trial.misread)), ("gained", Double(trial.gained)),
        ("ambiguous", Double(trial.ambiguous)), ("wrong", Double(trial.wrong)),
        ("beyond confusion", Double(trial.wrongBeyond)),
      ], baseline: "", raw: [],
      goal: Figure.Goal(
        value: Double(all.reduce(beyond) { $0 + $1.deniedGranted }), limit: 0,
        name:
          "grants for another car beyond confusion, or of a denied one, seeds \(seed) to \(otherSeeds.upperBound)"
      ),
      table: trial.lines + [
        "the same beyond confusion over seeds \(seed) to \(otherSeeds.upperBound), "
          + "\(reads) reads: \(beyond)"
      ])
  }
}
