import Simulation

/// What tolerant plates gain and cost, over reads made from one seed: the same on every machine.
enum PlateMatching {
  static let seed: UInt64 = 417

  static func measure() throws -> Figure {
    let trial = PlateTrial(seed: seed)
    return Figure(
      name: "plates", unit: "reads",
      subject: "tolerant plates: \(trial.reads) made reads, a list of \(trial.entries), seed \(seed)",
      ours: [
        ("misread", Double(trial.misread)), ("gained", Double(trial.gained)),
        ("ambiguous", Double(trial.ambiguous)), ("wrong", Double(trial.wrong)),
        ("beyond confusion", Double(trial.wrongBeyond)),
      ], baseline: "", raw: [],
      goal: Figure.Goal(
        value: Double(trial.wrongBeyond + trial.deniedGranted * trial.reads), limit: 10,
        name: "grants for another car beyond confusion, and none of a denied one"),
      table: trial.lines)
  }
}
