/// RFC 4180 records from bytes that come in pieces. Holds one record, never more than
/// ``PolicyLimits/lineBytes``.
struct CSVReader {
  enum Fault: Equatable {
    /// A quote stands inside a field that does not begin with one.
    case strayQuote
    case afterQuote
    case openQuote
    case tooLong
    case bareReturn

    var text: String {
      switch self {
      case .strayQuote:
        "a quote inside a field that does not begin with one; put the field in quotes, double it"
      case .afterQuote: "text after a closing quote; a quote inside a field is written twice"
      case .openQuote: "a quote is not closed before the end"
      case .tooLong: "the row is longer than \(PolicyLimits.lineBytes) bytes"
      case .bareReturn: "a carriage return that no line feed follows"
      }
    }
  }

  struct Record {
    var line: Int
    var fields: [[UInt8]]
    var fault: Fault?
  }

  private enum State {
    case fieldStart, plain, quoted, quoteInQuoted, afterReturn, skipping
  }

  private var state = State.fieldStart
  private var field: [UInt8] = []
  private var fields: [[UInt8]] = []
  private var length = 0
  private var fault: Fault?
  /// Of the byte, and of the record's start.
  private var line = 1
  private var start = 1

  /// Hands on the record that the byte ends, if it does.
  mutating func feed(_ byte: UInt8) -> Record? {
    if byte == 0x0A { line += 1 }
    length += 1
    if length > PolicyLimits.lineBytes, state != .skipping {
      fault = .tooLong
      state = .skipping
      field = []
    }
    switch state {
    case .skipping: return byte == 0x0A ? ended() : nil
    case .fieldStart where byte == UInt8(ascii: "\""): state = .quoted
    case .fieldStart, .plain: return plain(byte)
    case .quoted:
      if byte == UInt8(ascii: "\"") { state = .quoteInQuoted } else { field.append(byte) }
    case .quoteInQuoted: return afterQuote(byte)
    case .afterReturn:
      if byte == 0x0A { return ended() }
      fail(.bareReturn)
    }
    return nil
  }

  /// The last record, where the file does not end in a line's end.
  mutating func finish() -> Record? {
    if state == .quoted { fault = .openQuote }
    guard length > 0 else { return nil }
    return ended(isFile: true)
  }

  private mutating func plain(_ byte: UInt8) -> Record? {
    switch byte {
    case UInt8(ascii: ","): endField()
    case 0x0A: return ended()
    case 0x0D: state = .afterReturn
    case UInt8(ascii: "\""): fail(.strayQuote)
    default:
      field.append(byte)
      state = .plain
    }
    return nil
  }

  private mutating func afterQuote(_ byte: UInt8) -> Record? {
    switch byte {
    case UInt8(ascii: "\""):
      field.append(byte)
      state = .quoted
    case UInt8(ascii: ","): endField()
    case 0x0A: return ended()
    case 0x0D: state = .afterReturn
    default: fail(.afterQuote)
    }
    return nil
  }

  /// The rest of the line is skipped: what the quotes mean is not known any more.
  private mutating func fail(_ found: Fault) {
    fault = fault ?? found
    state = .skipping
  }

  private mutating func endField() {
    fields.append(field)
    field = []
    state = .fieldStart
  }

  private mutating func ended(isFile: Bool = false) -> Record {
    endField()
    let record = Record(line: start, fields: fields, fault: fault)
    fields = []
    fault = nil
    length = 0
    start = line
    return record
  }
}
