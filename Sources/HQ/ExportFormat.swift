import Messages

/// How records leave for another program.
enum ExportFormat: String, CaseIterable {
  case csv, jsonl

  /// What stands before the first record.
  var head: String { self == .csv ? CSVText.line(Self.columns) : "" }

  static var columns: [String] {
    [
      "site", "gateway", "seq", "boot", "at", "clock", "type", "point", "reader", "side", "credential",
      "decision", "reason", "list", "passage", "detail", "stored_at", "hash",
    ]
  }

  /// One record with its line end. JSON lines hold the record's own bytes, so that whoever gets them can hash them.
  func text(_ record: FoundRecord, of gateway: StoredGateway) -> String {
    let stored = record.storedAt.map { Timestamp(milliseconds: $0).description }
    let bytes = String(decoding: record.bytes, as: UTF8.self)
    switch self {
    case .csv: return CSVText.line(cells(record, gateway, stored, bytes))
    case .jsonl:
      let site = JSONValue.string(gateway.site).text
      let at = stored.map { JSONValue.string($0).text } ?? "null"
      return
        "{\"site\":\(site),\"stored_at\":\(at),\"hash\":\"\(Hex.text(record.hash))\",\"record\":\(bytes)}\n"
    }
  }

  private func cells(
    _ record: FoundRecord, _ gateway: StoredGateway, _ stored: String?, _ bytes: String
  ) -> [String] {
    let ends = [stored ?? "", Hex.text(record.hash)]
    let begins = [gateway.site, gateway.name, "\(record.seq)"]
    guard case .record(_, let line)? = try? LogRecord.parse(record.bytes) else {
      // A newer gateway may write what is not known here: only the record itself says that its content was dropped.
      let isRedacted = (try? RecordHead(record.bytes))?.digest != nil
      let empty = [String](repeating: "", count: 8)
      return begins + ["", "", "", isRedacted ? "redacted" : "unreadable"] + empty + [bytes] + ends
    }
    return begins + [
      "\(line.boot)", line.at.description, line.clock.rawValue, line.type.rawValue, line.point ?? "",
      line.reader ?? "", line.side?.rawValue ?? "", line.credential ?? "", line.decision?.rawValue ?? "",
      line.reason ?? "", line.list.map { "\($0)" } ?? "", line.passage ?? "", line.detail.text,
    ] + ends
  }
}
