/// A linear axis from zero with round marks.
struct Axis {
  /// What the axis ends with: the last mark.
  let end: Double
  let marks: [Double]

  /// - Parameter whole: only whole numbers are marked.
  init(highest: Double, whole: Bool = true, marks wanted: Int = 5) {
    let top = max(highest, whole ? 1 : 1e-9)
    var step = 1.0
    var size = whole ? 1.0 : 1e-9
    search: while true {
      for factor in [1.0, 2, 5] where top / (size * factor) <= Double(wanted) {
        step = size * factor
        break search
      }
      size *= 10
    }
    let count = (top / step).rounded(.up)
    end = count * step
    marks = (0...Int(count)).map { Double($0) * step }
  }

  func part(_ value: Double) -> Double { value / end }

  /// 1200 as `1,200`; 0.25 as it is.
  static func text(_ value: Double) -> String {
    guard value == value.rounded(), abs(value) < 1e15 else { return "\((value * 1_000).rounded() / 1_000)" }
    return text(Int(value))
  }

  static func text(_ value: Int) -> String {
    var digits = String(value.magnitude)
    var groups: [String] = []
    while digits.count > 3 {
      groups.insert(String(digits.suffix(3)), at: 0)
      digits = String(digits.dropLast(3))
    }
    return (value < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
  }
}

/// Colours that people with any kind of colour vision tell apart, and that differ in lightness on grey paper too:
/// M. Okabe and K. Ito, "Color Universal Design".
enum PlotColour {
  static let blue = "#0072B2"
  static let orange = "#E69F00"
  static let green = "#009E73"
  static let vermilion = "#D55E00"
  static let sky = "#56B4E9"
  static let purple = "#CC79A7"

  /// From light to dark, for what grows.
  static let steps = ["#CFE3F3", "#8FBFE0", "#4A94C9", "#0F66A3", "#083A63"]

  /// White to dark blue, `part` from 0 to 1.
  static func heat(_ part: Double) -> String {
    func mix(_ from: Double, _ to: Double) -> String {
      let value = Int((from + (to - from) * part.squareRoot()).rounded())
      let digits = String(value, radix: 16, uppercase: true)
      return digits.count < 2 ? "0\(digits)" : digits
    }
    return "#\(mix(240, 8))\(mix(246, 58))\(mix(250, 99))"
  }
}
