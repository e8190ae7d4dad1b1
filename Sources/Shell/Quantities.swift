/// Durations and sizes as people write and read them.
public enum Quantities {
  /// `850 ms`, `12 s`, `3 min`, `5 h`, `9 d`: one unit, rounded down.
  public static func duration(milliseconds: Int64) -> String {
    switch milliseconds {
    case ..<1_000: "\(milliseconds) ms"
    case ..<120_000: "\(milliseconds / 1_000) s"
    case ..<7_200_000: "\(milliseconds / 60_000) min"
    case ..<172_800_000: "\(milliseconds / 3_600_000) h"
    default: "\(milliseconds / 86_400_000) d"
    }
  }

  /// `340 us` or `1.2 ms`.
  public static func time(microseconds: Int64) -> String {
    microseconds < 1_000 ? "\(microseconds) us" : "\(microseconds / 1_000).\(microseconds / 100 % 10) ms"
  }

  /// `512 B`, `14 kB`, `3 MB`.
  public static func size(bytes: Int64) -> String {
    switch bytes {
    case ..<1_000: "\(bytes) B"
    case ..<1_000_000: "\(bytes / 1_000) kB"
    default: "\(bytes / 1_000_000) MB"
    }
  }

  /// Reads `500ms`, `2s`, `3min`, `5h`, `2d`; nil for anything else.
  public static func milliseconds(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count <= 1_000_000_000 else { return nil }
    switch text.dropFirst(digits.count) {
    case "ms": return count
    case "s": return count * 1_000
    case "min", "m": return count * 60_000
    case "h": return count * 3_600_000
    case "d": return count * 86_400_000
    default: return nil
    }
  }
}
