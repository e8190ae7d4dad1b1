import Journal
import Messages
import Platform

extension StoreView {
  /// `report FILE.html`
  func report(_ path: String) throws -> Int32 {
    let gateways = try selected()
    let offset = try offset()
    let whole = try store.wholePeriod(of: gateways, now: now)
    let from = try moment("--from", offset) ?? whole.from
    let to =
      try moment("--to", offset) ?? (from < whole.to ? whole.to : from + ReportPeriod.Step.day.rawValue)
    guard from < to else { throw ProgramMisuse("--from must be before --to") }
    guard to - from <= HQLimits.reportSpanDays * ReportPeriod.Step.day.rawValue else {
      throw ProgramMisuse("a report is about \(HQLimits.reportSpanDays) days at most")
    }
    let sites = Set(gateways.map(\.site)).sorted()
    let figures = try store.figures(
      of: gateways, in: ReportPeriod(from: from, to: to, offset: offset),
      named: { sites.count > 1 ? $0.fullName : $0.name })
    let page = ReportPage(figures: figures, made: now, title: title(gateways, sites))
    try Files.write(Array(page.text.utf8), to: path)
    print(
      json
        ? JSONValue.object([
          ("gateways", .integer(Int64(gateways.count))), ("records", .integer(Int64(figures.records))),
          ("unreadable", .integer(Int64(figures.unreadable))),
          ("from", .string(Timestamp(milliseconds: from).description)),
          ("to", .string(Timestamp(milliseconds: to).description)),
        ]).text : "\(gateways.count) gateways, \(figures.records) records: \(path)")
    if figures.unreadable > 0 {
      HQProgram.say(
        "\(figures.unreadable) records cannot be read and are in no drawing; 'export csv' names them")
    }
    return 0
  }

  private func title(_ gateways: [StoredGateway], _ sites: [String]) -> String {
    if gateways.count == 1 { return "Gatehouse: \(gateways[0].fullName)" }
    if sites.count == 1 { return "Gatehouse: \(sites[0])" }
    return gateways.isEmpty ? "Gatehouse: no gateways yet" : "Gatehouse: \(sites.count) sites"
  }

  private func offset() throws -> Int64 {
    guard let text = options["--utc-offset"] else { return 0 }
    guard let offset = ReportPeriod.offset(text) else {
      throw ProgramMisuse("--utc-offset must be such as +08:00 or -05:00")
    }
    return offset
  }

  /// A day begins at the report's midnight.
  private func moment(_ option: String, _ offset: Int64) throws -> Int64? {
    guard let time = try time(option), let text = options[option] else { return nil }
    return Timestamp(text) == nil ? time - offset : time
  }
}
