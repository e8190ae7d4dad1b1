/// Reads an allow-list that comes in pieces of any size, cut anywhere.
///
/// Strict: a row with a fault is told and left out; whether the rest is used is the caller's matter. It holds
/// the rows not yet taken, one record, and 16 bytes for each credential seen.
public struct AllowListReader: Sendable {
  /// The first ``PolicyLimits/faultsTold`` faults, in the order of the file.
  public private(set) var faults: [ListFault] = []
  /// All faults.
  public private(set) var faultCount = 0
  /// Rows without a fault so far.
  public private(set) var rowCount = 0
  private var rows: [ListRow] = []
  private var csv = CSVReader()
  private var columns: [Int]?
  private var isRefused = false
  private let form: RowForm
  /// The line of each credential, by fingerprint.
  private var lines: [UInt64: UInt32] = [:]

  public init(groupNames: [String]) {
    form = RowForm(groupNames: groupNames)
  }

  public mutating func feed(_ bytes: [UInt8]) {
    for byte in bytes where !isRefused {
      if let record = csv.feed(byte) { take(record) }
    }
  }

  /// The input has ended.
  public mutating func finish() {
    guard !isRefused else { return }
    if let record = csv.finish() { take(record) }
    if columns == nil && !isRefused { refuse(1, "the list is empty; it begins with \(AllowListText.header)") }
  }

  /// The rows read since the last call.
  public mutating func takeRows() -> [ListRow] {
    defer { rows = [] }
    return rows
  }

  private mutating func take(_ record: CSVReader.Record) {
    guard let columns else { return takeHeader(record) }
    if record.fault == nil, record.fields.count == 1, record.fields[0].isEmpty { return }
    if let fault = record.fault { return tell(record.line, fault.text) }
    guard record.fields.count == columns.count else {
      return tell(
        record.line, "\(record.fields.count) fields where the header has \(columns.count)")
    }
    var texts = Array(repeating: "", count: AllowListText.columns.count)
    for (place, column) in columns.enumerated() {
      guard let text = String(validating: record.fields[place], as: UTF8.self) else {
        return tell(record.line, "\(AllowListText.columns[column]): not UTF-8")
      }
      texts[column] = text
    }
    let (row, found) = form.row(texts)
    for text in found {
      tell(record.line, text)
    }
    if let row { accept(row, record.line) }
  }

  private mutating func accept(_ row: ListRow, _ line: Int) {
    guard rowCount < PolicyLimits.rows else {
      return refuse(line, "a list has at most \(PolicyLimits.rows) rows")
    }
    let fingerprint = row.credential.fingerprint
    if let earlier = lines[fingerprint] {
      return tell(line, "credential: \(row.credential) stands already on line \(earlier)")
    }
    lines[fingerprint] = UInt32(clamping: line)
    rows.append(row)
    rowCount += 1
  }

  private mutating func takeHeader(_ record: CSVReader.Record) {
    var record = record
    if record.fields[0].starts(with: [0xEF, 0xBB, 0xBF]) { record.fields[0].removeFirst(3) }
    if let fault = record.fault { return refuse(record.line, fault.text) }
    let names = record.fields.map { String(decoding: $0.prefix(64), as: UTF8.self) }
    guard names.contains("credential") else {
      return refuse(record.line, "the header is missing; the first line is \(AllowListText.header)")
    }
    var found: [Int] = []
    for name in names {
      guard let column = AllowListText.columns.firstIndex(of: name) else {
        let nearest = Nearest.of(name, in: AllowListText.columns, name: { $0 }) ?? "credential"
        return refuse(record.line, "unknown column '\(printable(name))'; the nearest is '\(nearest)'")
      }
      guard !found.contains(column) else { return refuse(record.line, "column '\(name)' stands twice") }
      found.append(column)
    }
    columns = found
  }

  private mutating func tell(_ line: Int, _ text: String) {
    faultCount += 1
    if faults.count < PolicyLimits.faultsTold { faults.append(ListFault(line: line, text: text)) }
  }

  /// Nothing after this can be read.
  private mutating func refuse(_ line: Int, _ text: String) {
    isRefused = true
    tell(line, text)
  }
}

/// A word from a file as it may be shown: bounded, and without control characters.
func printable(_ word: String) -> String {
  var text = ""
  for scalar in word.unicodeScalars.prefix(40) {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: text += "?"
    default: text.unicodeScalars.append(scalar)
    }
  }
  return text
}
