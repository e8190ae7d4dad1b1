/// What is drawn over the steps of a period.
struct TimePlot {
  struct Series {
    var name: String
    var colour: String
    var dashed = false
    /// One for each step; nil where there is nothing to show.
    var values: [Double?]
  }

  let period: ReportPeriod
  /// What the upright axis counts, with its unit.
  let unit: String
  var width = 660.0
  var height = 240.0
  var whole = true

  private var left: Double { 56 }
  private var right: Double { 8 }
  private var top: Double { 10 }
  private var bottom: Double { 46 }
  private var inner: Double { width - left - right }
  private var tall: Double { height - top - bottom }

  private func frame(_ plot: inout Plot, _ axis: Axis) {
    for mark in axis.marks {
      let y = top + tall * (1 - axis.part(mark))
      plot.line(left, y, width - right, y, kind: mark == 0 ? "axis" : "grid")
      plot.words(Axis.text(mark), left - 6, y + 4, .end)
    }
    plot.words(unit, 12, top + tall / 2, .middle, kind: "u", turned: true)
    let wanted = max(2, Int(inner / 92))
    let every = max(1, (period.count + wanted - 1) / wanted)
    for place in stride(from: 0, to: period.count, by: every) {
      let x = left + inner * (Double(place) + 0.5) / Double(period.count)
      plot.line(x, top + tall, x, top + tall + 4, kind: "axis")
      plot.words(period.label(place), x, top + tall + 17, .middle)
    }
    plot.words(
      "\(period.step.name) beginning, \(period.zone)", left + inner / 2, height - 6, .middle, kind: "u")
  }

  /// Bars, one upon the other.
  func bars(_ series: [Series], label: String) -> String {
    var plot = Plot(width: width, height: height)
    let sums = (0..<period.count).map { place in series.reduce(0) { $0 + ($1.values[place] ?? 0) } }
    let axis = Axis(highest: sums.max() ?? 0, whole: whole)
    frame(&plot, axis)
    let step = inner / Double(period.count)
    let gap = min(3, step * 0.2)
    for place in 0..<period.count {
      var below = 0.0
      for line in series {
        guard let value = line.values[place], value > 0 else { continue }
        let high = tall * axis.part(value)
        plot.rectangle(
          left + step * Double(place) + gap / 2, top + tall * (1 - axis.part(below)) - high, step - gap, high,
          fill: line.colour, title: "\(period.label(place)), \(line.name): \(Axis.text(value))")
        below += value
      }
    }
    return plot.svg(label: label)
  }

  /// Lines that break where nothing is known.
  func lines(_ series: [Series], label: String) -> String {
    var plot = Plot(width: width, height: height)
    let axis = Axis(highest: series.flatMap { $0.values.compactMap { $0 } }.max() ?? 0, whole: whole)
    frame(&plot, axis)
    for line in series {
      var run: [(x: Double, y: Double)] = []
      for place in 0...period.count {
        if place < period.count, let value = line.values[place] {
          let x = left + inner * (Double(place) + 0.5) / Double(period.count)
          let y = top + tall * (1 - axis.part(value))
          run.append((x, y))
          if period.count <= 100 {
            plot.dot(
              x, y, fill: line.colour,
              title: "\(period.label(place)), \(line.name): \(Axis.text(value.rounded()))")
          }
        } else {
          if run.count > 1 { plot.path(run, stroke: line.colour, dashed: line.dashed) }
          run.removeAll()
        }
      }
    }
    return plot.svg(label: label)
  }
}
