/// What is drawn in rows that have names.
struct RowPlot {
  struct Series {
    var name: String
    var colour: String
    var values: [Double]
  }

  let rows: [String]
  /// What is counted, with its unit.
  let unit: String
  var width = 660.0

  private var left: Double { 190 }
  private var right: Double { 52 }
  private var row: Double { 22 }

  /// Lying bars, one after the other; the sum stands at their end.
  func bars(_ series: [Series], label: String) -> String {
    let tall = row * Double(rows.count)
    var plot = Plot(width: width, height: tall + 50)
    let inner = width - left - right
    let sums = rows.indices.map { place in series.reduce(0) { $0 + $1.values[place] } }
    let axis = Axis(highest: sums.max() ?? 0)
    for mark in axis.marks {
      let x = left + inner * axis.part(mark)
      plot.line(x, 4, x, tall + 8, kind: mark == 0 ? "axis" : "grid")
      plot.words(Axis.text(mark), x, tall + 22, .middle)
    }
    plot.words(unit, left + inner / 2, tall + 42, .middle, kind: "u")
    for (place, name) in rows.enumerated() {
      let y = 6 + row * Double(place)
      plot.words(Plot.short(name, 28), left - 8, y + 13, .end)
      var x = left
      for line in series where line.values[place] > 0 {
        let long = inner * axis.part(line.values[place])
        plot.rectangle(
          x, y, long, row - 6, fill: line.colour,
          title: "\(name), \(line.name): \(Axis.text(line.values[place]))")
        x += long
      }
      plot.words(Axis.text(sums[place]), x + 5, y + 13)
    }
    return plot.svg(label: label)
  }

  /// A field for each row and hour of the day, darker where there was more.
  func hours(_ values: [[Int]], zone: String, label: String) -> String {
    let tall = row * Double(rows.count)
    var plot = Plot(width: width, height: tall + 46)
    let step = (width - left - right) / 24
    let highest = Double(max(1, values.flatMap { $0 }.max() ?? 0))
    for (place, name) in rows.enumerated() {
      let y = 4 + row * Double(place)
      plot.words(Plot.short(name, 28), left - 8, y + 15, .end)
      for (hour, count) in values[place].enumerated() {
        let part = Double(count) / highest
        plot.rectangle(
          left + step * Double(hour), y, step - 1, row - 1,
          fill: count == 0 ? "#F4F5F6" : PlotColour.heat(part),
          title: "\(name), \(hour):00 to \(hour + 1):00: \(Axis.text(count))")
        if count > 0, count < 1_000 {
          plot.words(
            "\(count)", left + step * (Double(hour) + 0.5) - 0.5, y + 14, .middle,
            kind: part > 0.3 ? "n light" : "n")
        }
      }
      plot.words(Axis.text(values[place].reduce(0, +)), width - right + 5, y + 15)
    }
    for hour in stride(from: 0, to: 24, by: 2) {
      plot.words("\(hour)", left + step * (Double(hour) + 0.5), tall + 19, .middle)
    }
    plot.words("hour of the day, \(zone)", left + step * 12, tall + 39, .middle, kind: "u")
    return plot.svg(label: label)
  }
}
