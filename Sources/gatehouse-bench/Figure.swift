/// One measured figure beside its raw baseline, both from the same run.
struct Figure {
  /// A ratio or count that the figure promises to stay at or under.
  struct Goal {
    var value: Double
    var limit: Double
    /// What `value` is: "p99 ratio".
    var name: String

    var isMet: Bool { value <= limit }
  }

  var name: String
  var unit: String
  /// What was measured, in one sentence.
  var subject: String
  var ours: [(key: String, value: Double)]
  /// What the raw baseline is; empty where the figure is a plain count.
  var baseline: String
  var raw: [(key: String, value: Double)]
  var goal: Goal?
  /// More for people: lines of at most 80 columns under the figure.
  var table: [String] = []

  /// Ours over raw for every key that both have.
  var ratios: [(key: String, value: Double)] {
    ours.compactMap { entry in
      guard let against = raw.first(where: { $0.key == entry.key })?.value, against > 0 else { return nil }
      return (entry.key, entry.value / against)
    }
  }
}

/// What a measurement could not do; printed, and the program's exit code is 1.
struct BenchFault: Error, CustomStringConvertible {
  var description: String

  init(_ description: String) {
    self.description = description
  }
}

/// A percentile of samples; `share` from 0 to 1.
func percentile(_ samples: [UInt64], _ share: Double) -> Double {
  precondition(!samples.isEmpty, "a percentile of nothing")
  let sorted = samples.sorted()
  return Double(sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))])
}

/// p50 and p99 of samples in nanoseconds, as microseconds.
func microseconds(_ samples: [UInt64]) -> [(key: String, value: Double)] {
  [("p50", percentile(samples, 0.5) / 1_000), ("p99", percentile(samples, 0.99) / 1_000)]
}
