import Journal
import Messages

/// A report as one page that needs nothing else: no script, no font, no other file.
struct ReportPage {
  let figures: EstateFigures
  /// Milliseconds since 1970.
  let made: Int64
  let title: String

  var period: ReportPeriod { figures.period }

  /// XHTML 5 in UTF-8.
  var text: String {
    let sections = [
      summary, estate, traffic, decisions, reasons, doors, lag, wear, losses, alarms,
    ]
    let head =
      Markup.element("meta", ["charset": "utf-8"])
      + Markup.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
      + Markup.element(
        "meta",
        [
          "http-equiv": "Content-Security-Policy", "content": "default-src 'none'; style-src 'unsafe-inline'",
        ])
      + Markup.element("title", [:], Markup.text(title)) + Markup.element("style", [:], Self.style)
    return "<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n"
      + Markup.element("head", [:], head) + "\n"
      + Markup.element("body", [:], "\n" + sections.joined(separator: "\n") + "\n") + "\n</html>\n"
  }

  /// One part of the page: its heading, what it says, its drawing, and the same numbers as a table.
  func section(
    _ id: String, _ heading: String, _ words: String, legend: [(name: String, colour: String)] = [],
    _ drawing: String = "", table: (heads: [String], rows: [[String]])? = nil, open: Bool = false
  ) -> String {
    var content =
      Markup.element("h2", [:], Markup.text(heading)) + Markup.element("p", [:], Markup.text(words))
    if !legend.isEmpty {
      content += Markup.element(
        "p", ["class": "legend"],
        legend.map { entry in
          Markup.element(
            "span", [:],
            Markup.element("i", ["style": "background:\(entry.colour)"], "&#160;") + Markup.text(entry.name))
        }.joined(separator: " "))
    }
    if !drawing.isEmpty { content += Markup.element("div", ["class": "plot"], drawing) }
    if let table, !table.rows.isEmpty {
      let body = Markup.element("div", ["class": "wide"], Markup.table(table.heads, table.rows))
      content +=
        open
        ? body
        : Markup.element("details", [:], Markup.element("summary", [:], "the numbers") + body)
    }
    return Markup.element("section", ["id": id], content)
  }

  // MARK: Estate

  private var summary: String {
    let lost = figures.gateways.reduce(0) { $0 + $1.gaps.reduce(0) { $0 + $1.count } }
    let open = figures.gateways.reduce(0) { $0 + $1.openAlarms }
    let broken = figures.gateways.count { if case .broken = $0.verdict { true } else { false } }
    let cards: [(id: String, name: String, value: Int, bad: Bool)] = [
      ("n-gateways", "gateways", figures.gateways.count, false),
      ("n-records", "records", figures.records, false),
      ("n-passages", "passages", figures.passages.reduce(0, +), false),
      ("n-grants", "grants", figures.grants.reduce(0, +), false),
      ("n-denials", "denials", figures.denials.reduce(0, +), false),
      ("n-broken", "broken chains", broken, broken > 0), ("n-lost", "records lost", lost, lost > 0),
      ("n-unreadable", "records that cannot be read", figures.unreadable, figures.unreadable > 0),
      ("n-alarms", "open alarms", open, open > 0),
    ]
    let list = cards.map { card in
      Markup.element(
        "li", ["class": card.bad ? "bad" : "good"],
        Markup.element("b", ["id": card.id], Axis.text(card.value)) + " " + Markup.text(card.name))
    }.joined()
    return Markup.element(
      "header", [:],
      Markup.element("h1", [:], Markup.text(title))
        + Markup.element(
          "p", [:],
          Markup.text(
            "\(period.moment(period.from)) to \(period.moment(period.to)), \(period.zone); "
              + "made \(period.moment(made)) by gatehouse-hq"))
        + Markup.element("ul", ["class": "cards"], list))
  }

  private var estate: String {
    let rows = figures.gateways.map { gateway -> [String] in
      let stored = gateway.stored
      let chain =
        switch gateway.verdict {
        case .intact(let records): "intact, \(Axis.text(Int(records))) records"
        case .broken(let seq, let why): "BROKEN at seq \(seq): \(why)"
        }
      let lost = gateway.gaps.reduce(0) { $0 + $1.count }
      return [
        stored.fullName, chain, Axis.text(Int(stored.through.seq)), Axis.text(lost),
        Axis.text(gateway.records), Axis.text(gateway.outside), Axis.text(gateway.redacted),
        Axis.text(gateway.unreadable), Axis.text(Int(stored.lag)),
        stored.seenAt == 0 ? "never" : period.moment(stored.seenAt), "\(stored.list)",
        Axis.text(gateway.openAlarms),
      ]
    }
    return section(
      "chain", "Gateways and their chains",
      "Every hash was computed anew from the stored bytes, from the first record on. Records that a gateway lost "
        + "before HQ had them are told by the gateway itself. No drawing shows what is of a time outside this report, what was redacted, and "
        + "what cannot be read: a type that a newer gateway writes, or a time that is none.",
      table: (
        [
          "gateway", "chain", "newest seq", "lost", "records here", "outside", "redacted", "unreadable",
          "lag in records", "last heard",
          "list",
          "open alarms",
        ], rows
      ), open: true)
  }

  // MARK: Traffic

  private var traffic: String {
    let all = figures.traffic.map { (name: $0.key, hours: $0.value, sum: $0.value.reduce(0, +)) }
      .sorted { ($1.sum, $0.name) < ($0.sum, $1.name) }
    guard !all.isEmpty else { return section("traffic", "Traffic by point and hour", "Nobody passed.") }
    let shown = all.prefix(HQLimits.plotRows)
    let rest = all.dropFirst(HQLimits.plotRows)
    let told =
      rest.isEmpty
      ? "" : " The \(rest.count) quieter points had \(Axis.text(rest.reduce(0) { $0 + $1.sum })) more."
    let drawing = RowPlot(rows: shown.map(\.name.text), unit: "passages").hours(
      shown.map(\.hours), zone: period.zone, label: "passages by point and hour of the day")
    return section(
      "traffic", "Traffic by point and hour",
      "Passages in the whole period by hour of the day; the sum of a point stands at its right.\(told)",
      drawing,
      table: (
        ["point", "passages"] + (0..<24).map { "\($0)" },
        all.map { [$0.name.text, "\($0.sum)"] + $0.hours.map(String.init) }
      ))
  }

  private var decisions: String {
    let plot = TimePlot(period: period, unit: "decisions per \(period.step.name)")
    let drawing = plot.bars(
      [
        .init(name: "granted", colour: PlotColour.blue, values: figures.grants.map(Double.init)),
        .init(name: "denied", colour: PlotColour.orange, values: figures.denials.map(Double.init)),
      ], label: "decisions over time, granted and denied")
    return section(
      "decisions", "Decisions over time", "What readers asked for, granted or denied.",
      legend: [("granted", PlotColour.blue), ("denied", PlotColour.orange)], drawing,
      table: (
        [period.step.name, "granted", "denied", "passages"],
        (0..<period.count).map {
          [period.label($0), "\(figures.grants[$0])", "\(figures.denials[$0])", "\(figures.passages[$0])"]
        }
      ))
  }

  private var reasons: String {
    let all = figures.reasons.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
    guard !all.isEmpty else { return section("reasons", "Denials by reason", "Nothing was denied.") }
    let shown = all.prefix(HQLimits.plotRows)
    let drawing = RowPlot(rows: shown.map(\.key), unit: "denials").bars(
      [.init(name: "denied", colour: PlotColour.orange, values: shown.map { Double($0.value) })],
      label: "denials by reason")
    return section(
      "reasons", "Denials by reason", "Why access was denied, the most frequent first.", drawing,
      table: (["reason", "denials"], all.map { [$0.key, "\($0.value)"] }))
  }

  private var doors: String {
    let all = figures.doors.sorted { ($1.value.total, $0.key) < ($0.value.total, $1.key) }
    guard !all.isEmpty else {
      return section("doors", "Held and forced doors", "No door was held open, forced or tampered with.")
    }
    let shown = all.prefix(HQLimits.plotRows)
    let legend = [
      ("held open", PlotColour.sky), ("forced", PlotColour.vermilion), ("tampered with", PlotColour.purple),
    ]
    let values = [
      shown.map { Double($0.value.held) }, shown.map { Double($0.value.forced) },
      shown.map { Double($0.value.tamper) },
    ]
    let drawing = RowPlot(rows: shown.map(\.key.text), unit: "alarms").bars(
      zip(legend, values).map { .init(name: $0.0, colour: $0.1, values: $1) }, label: "door alarms by point")
    return section(
      "doors", "Held and forced doors", "Door alarms by point, the most first.", legend: legend, drawing,
      table: (
        ["point", "held open", "forced", "tampered with"],
        all.map { [$0.key.text, "\($0.value.held)", "\($0.value.forced)", "\($0.value.tamper)"] }
      ))
  }
}
