public import Messages

/// The scan's punctuality in words and a histogram.
public enum LoopText {
  public static func lines(_ loop: JSONValue) -> [String] {
    func count(_ key: String) -> Int64 { loop[key]?.integerValue ?? 0 }
    let late = loop["lateness_us"]
    func microseconds(_ key: String) -> String {
      Quantities.time(microseconds: late?[key]?.integerValue ?? 0)
    }
    var lines = [
      "period \(count("period_us")) us, priority \(count("priority")), "
        + (loop["real_time"]?.boolValue == true ? "real time" : "NO real time") + ", "
        + (loop["memory_locked"]?.boolValue == true ? "memory locked" : "memory NOT locked"),
      "scans  \(count("scans")), overruns \(count("overruns"))",
      "late   p50 \(microseconds("p50")), p99 \(microseconds("p99")), p99.9 \(microseconds("p999")), "
        + "max \(microseconds("max"))",
    ]
    let bars = loop["histogram"]?.arrayValue ?? []
    let counts = bars.map { $0["count"]?.integerValue ?? 0 }
    let most = max(1, counts.max() ?? 1)
    for (bar, count) in zip(bars, counts) {
      let bound = bar["le_us"]?.integerValue.map { "<= \($0) us" } ?? "later"
      let length = Int(count * 40 / most)
      lines.append(
        "  \(DisplayWidth.padded(bound, to: 12))  \(DisplayWidth.padded("\(count)", to: 12))"
          + String(repeating: "#", count: count > 0 ? max(1, length) : 0))
    }
    return lines.map { line in
      var line = line
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
