import Messages

extension ReportPage {
  var lag: String {
    guard figures.lag.contains(where: { $0.contains { $0 > 0 } }) else {
      return section("lag", "How soon records were here", "No record of this period has a time of arrival.")
    }
    let names = EstateFigures.lagNames
    let series = names.indices.map { kind in
      TimePlot.Series(
        name: names[kind], colour: PlotColour.steps[kind], values: figures.lag.map { Double($0[kind]) })
    }
    let drawing = TimePlot(period: period, unit: "records per \(period.step.name)").bars(
      series, label: "records by the time they took to HQ")
    return section(
      "lag", "How soon records were here",
      "From the moment that the gateway wrote into a record to the moment when HQ had it on disk. The line, or the "
        + "gateway, was away where bars are dark.",
      legend: names.indices.map { (names[$0], PlotColour.steps[$0]) }, drawing,
      table: (
        [period.step.name] + names,
        figures.lag.enumerated().map { place, counts in [period.label(place)] + counts.map(String.init) }
      ))
  }

  var wear: String {
    let all = figures.wear.sorted { ($1.value.cycles, $0.key) < ($0.value.cycles, $1.key) }
    guard !all.isEmpty else { return section("wear", "Equipment", "Nothing moved.") }
    let shown = all.filter { $0.value.travels }.prefix(HQLimits.plotTravels)
    let drawings = shown.map { name, wear in
      var plot = TimePlot(period: period, unit: "travel in s", width: 480, height: 190)
      plot.whole = false
      func seconds(_ travels: [EstateFigures.Travel]) -> [Double?] {
        travels.map { $0.mean.map { $0 / 1_000 } }
      }
      let drawing = plot.lines(
        [
          .init(name: "opening", colour: PlotColour.blue, values: seconds(wear.opening)),
          .init(name: "closing", colour: PlotColour.vermilion, dashed: true, values: seconds(wear.closing)),
        ], label: "mean travel time of \(name.text)")
      return Markup.element(
        "figure", [:], Markup.element("figcaption", [:], Markup.text(name.text)) + drawing)
    }
    return section(
      "wear", "Equipment",
      "Mean travel times of barriers and gates from limit to limit, the busiest points first: a drive or spring that "
        + "wears takes longer. Cycles are openings of a barrier or gate and unlockings of a door.",
      legend: shown.isEmpty
        ? [] : [("opening", PlotColour.blue), ("closing (dashed)", PlotColour.vermilion)],
      shown.isEmpty ? "" : Markup.element("div", ["class": "grid"], drawings.joined(separator: "\n")),
      table: (
        [
          "point", "cycles", "first opening, s", "last opening, s", "first closing, s", "last closing, s",
          "slow travels", "obstructions", "faults",
        ],
        all.map { name, wear in
          [name.text, Axis.text(wear.cycles)] + ends(wear.opening) + ends(wear.closing)
            + ["\(wear.slow)", "\(wear.obstructions)", "\(wear.faults)"]
        }
      ), open: true)
  }

  /// The means of the first and of the last step in which something travelled.
  private func ends(_ travels: [EstateFigures.Travel]) -> [String] {
    let means = travels.compactMap(\.mean)
    guard let first = means.first, let last = means.last else { return ["", ""] }
    return [Axis.text((first / 10).rounded() / 100), Axis.text((last / 10).rounded() / 100)]
  }

  var losses: String {
    guard figures.lossCount > 0 else {
      return section("gaps", "Gap records", "No gateway told of records that it had to drop.")
    }
    let more =
      figures.lossCount > figures.losses.count ? " The first \(figures.losses.count) are listed." : ""
    return section(
      "gaps", "Gap records",
      "\(figures.lossCount) records tell of others that a gateway had to drop, and why.\(more)",
      table: (
        ["gateway", "told", "reason", "records dropped"],
        figures.losses.map {
          [$0.gateway, period.moment($0.at), $0.reason, $0.count.map { "\($0)" } ?? "not known"]
        }
      ), open: true)
  }

  var alarms: String {
    guard !figures.alarms.isEmpty else {
      return section("alarms", "Alarms at HQ", "None was open in this period.")
    }
    return section(
      "alarms", "Alarms at HQ", "What HQ found in the gateways' logs and messages, the newest first.",
      table: (
        ["gateway", "alarm", "raised", "times", "ended", "by", "what"],
        figures.alarms.map {
          [
            $0.name, $0.kind.rawValue, period.moment($0.raisedAt), "\($0.count)",
            $0.endedAt.map { period.moment($0) } ?? "open", $0.endedBy ?? "", $0.text,
          ]
        }
      ), open: true)
  }

  static var style: String {
    """
    :root{color-scheme:light}
    body{font:15px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif;color:#1b1f23;background:#fff;
    margin:0 auto;padding:16px;max-width:1000px;-webkit-print-color-adjust:exact;print-color-adjust:exact}
    h1{font-size:1.6em;margin:.2em 0}h2{font-size:1.15em;margin:1.8em 0 .2em;border-top:1px solid #d0d7de;padding-top:.8em}
    p{margin:.3em 0;color:#424a53;max-width:75ch}
    .cards{list-style:none;display:grid;grid-template-columns:repeat(auto-fill,minmax(110px,1fr));gap:8px;padding:0}
    .cards li{border:1px solid #d0d7de;border-radius:6px;padding:8px 10px;color:#424a53;font-size:.9em}
    .cards b{display:block;font-size:1.5em;color:#1b1f23;font-variant-numeric:tabular-nums}
    .cards .bad{border:2px solid #D55E00}.cards .bad b{color:#B34700}
    .legend span{display:inline-block;margin-right:1.2em}
    .legend i{display:inline-block;width:14px;height:14px;margin-right:.4em;vertical-align:-2px;border-radius:2px;
    line-height:14px;overflow:hidden}
    .plot,.wide{overflow-x:auto}.plot>svg{width:100%;min-width:470px;max-width:860px;display:block}
    .grid{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(400px,100%),1fr));gap:12px}
    figure{margin:0;break-inside:avoid}figure svg{width:100%;min-width:300px}figcaption{font-weight:600;overflow-wrap:anywhere}
    svg text{font-size:12.5px;fill:#424a53}svg text.u{fill:#57606a}svg text.n{font-size:10px;fill:#1b1f23}
    svg text.light{fill:#fff}svg .grid{stroke:#e4e8ec}svg .axis{stroke:#8c959f}
    table{border-collapse:collapse;font-size:.88em;margin:.6em 0;font-variant-numeric:tabular-nums}
    th,td{padding:3px 9px;text-align:right;border-bottom:1px solid #e4e8ec;vertical-align:top}
    th:first-child,td:first-child{text-align:left}thead th{border-bottom:2px solid #8c959f;vertical-align:bottom}
    tbody th{font-weight:500;text-align:left;overflow-wrap:break-word;min-width:9.5em;max-width:22em}
    #chain :nth-child(2),#alarms td,#alarms th,#gaps td,#gaps th{text-align:left}#chain td:nth-child(2){min-width:11em}
    #alarms td:last-child{min-width:16em}#chain td:nth-child(8){white-space:nowrap}details{margin:.4em 0}summary{cursor:pointer;color:#0969da}
    @media print{body{padding:0;max-width:none;font-size:11px}.plot,.wide{overflow:visible}.plot>svg{min-width:0;max-width:560px}
    .grid{grid-template-columns:1fr 1fr}figure svg{min-width:0}section>p{break-after:avoid}#wear .plot{break-inside:auto}
    section{break-inside:auto}h2,.legend{break-after:avoid}.plot{break-inside:avoid}thead{display:table-header-group}
    tr{break-inside:avoid}details:not([open]){display:none}}
    """
  }
}
