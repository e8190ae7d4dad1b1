/// Walks over JSON (RFC 8259) without building it, and allocates nothing unless it finds a fault.
///
/// It takes what ``JSONReader`` takes, but for keys that stand twice in one object, and numbers too large to hold. For those who must look into hundreds
/// of thousands of records a second, and pass them on as they are.
@safe struct JSONWalker {
  /// A key's bytes between its quotes.
  struct Key {
    var start: Int
    var count: Int
    var isEscaped: Bool
  }

  private let bytes: UnsafeBufferPointer<UInt8>
  private(set) var position: Int
  private let end: Int
  /// White space between the values held the end of a line.
  private(set) var sawLineBreak = false

  /// - Parameter bytes: must outlive the walker.
  init(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) {
    unsafe self.bytes = bytes
    position = start
    end = bytes.count
  }

  func fault(_ text: String) -> JSONFault { JSONFault(offset: position, text: text) }

  func byte(_ place: Int) -> UInt8 { unsafe bytes[place] }

  /// The byte at the position; 0, which stands nowhere in JSON, behind the end.
  private var current: UInt8 { position < end ? byte(position) : 0 }

  mutating func skipSpace() {
    while position < end, Self.isSpace(byte(position)) {
      if byte(position) == 0x0A || byte(position) == 0x0D { sawLineBreak = true }
      position += 1
    }
  }

  /// The first byte of what comes next; 0 at the end.
  var next: UInt8 {
    mutating get {
      skipSpace()
      return current
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private mutating func take(_ wanted: UInt8) -> Bool {
    skipSpace()
    guard current == wanted else { return false }
    position += 1
    return true
  }

  mutating func forgetLineBreaks() {
    sawLineBreak = false
  }

  func expectOneLine() throws(JSONFault) {
    guard !sawLineBreak else { throw fault("a record is one line, and this is several") }
  }

  mutating func expectEndOfLine() throws(JSONFault) {
    try expectEnd()
    try expectOneLine()
  }

  func holds(_ key: Key, _ name: StaticString) -> Bool {
    guard key.count == name.utf8CodeUnitCount, !key.isEscaped else { return false }
    for place in 0..<key.count where unsafe bytes[key.start + place] != name.utf8Start[place] { return false }
    return true
  }

  func text(from start: Int, to end: Int) -> String {
    unsafe String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<end]), as: UTF8.self)
  }

  mutating func expectEnd() throws(JSONFault) {
    skipSpace()
    guard position == end else { throw fault("something follows the value") }
  }

  // MARK: Values

  /// Passes one value of at most `depth` levels.
  mutating func skipValue(depth: Int) throws(JSONFault) {
    skipSpace()
    switch current {
    case UInt8(ascii: "\""): _ = try skipString()
    case UInt8(ascii: "{"):
      guard depth > 0 else { throw fault("too many levels deep") }
      try eachMember { (walker, _) throws(JSONFault) in try walker.skipValue(depth: depth - 1) }
    case UInt8(ascii: "["):
      guard depth > 0 else { throw fault("too many levels deep") }
      try eachElement { (walker) throws(JSONFault) in try walker.skipValue(depth: depth - 1) }
    case UInt8(ascii: "t"): try skipWord("true")
    case UInt8(ascii: "f"): try skipWord("false")
    case UInt8(ascii: "n"): try skipWord("null")
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try skipNumber()
    default: throw fault("no value begins like this")
    }
  }

  /// `body` must pass the value behind each key.
  mutating func eachMember(
    _ body: (inout JSONWalker, Key) throws(JSONFault) -> Void
  ) throws(JSONFault) {
    guard take(UInt8(ascii: "{")) else { throw fault("expected an object") }
    if take(UInt8(ascii: "}")) { return }
    repeat {
      skipSpace()
      guard current == UInt8(ascii: "\"") else { throw fault("expected a key in double quotes") }
      let key = try skipString()
      guard take(UInt8(ascii: ":")) else { throw fault("expected ':' after a key") }
      try body(&self, key)
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw fault("expected ',' or '}'") }
  }

  /// `body` must pass each element.
  mutating func eachElement(_ body: (inout JSONWalker) throws(JSONFault) -> Void) throws(JSONFault) {
    guard take(UInt8(ascii: "[")) else { throw fault("expected an array") }
    if take(UInt8(ascii: "]")) { return }
    repeat { try body(&self) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw fault("expected ',' or ']'") }
  }

  private mutating func skipWord(_ word: StaticString) throws(JSONFault) {
    for place in 0..<word.utf8CodeUnitCount {
      guard current == (unsafe word.utf8Start[place]) else { throw fault("no value begins like this") }
      position += 1
    }
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while position < end, byte(position) >= 0x30, byte(position) <= 0x39 { position += 1 }
    return position - start
  }

  private mutating func skipNumber() throws(JSONFault) {
    let start = position
    if current == UInt8(ascii: "-") { position += 1 }
    let leadingZero = current == UInt8(ascii: "0")
    let whole = skipDigits()
    guard whole > 0, !(leadingZero && whole > 1) else { throw fault("not a number") }
    if current == UInt8(ascii: ".") {
      position += 1
      guard skipDigits() > 0 else { throw fault("no digit after the point") }
    }
    if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
      position += 1
      if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { position += 1 }
      guard skipDigits() > 0 else { throw fault("no digit in the exponent") }
    }
    guard position - start <= 64 else { throw fault("a number of more than 64 characters") }
  }

  /// A whole number that is not negative; nil where something else stands here, which is then not passed.
  mutating func count() -> Int64? {
    skipSpace()
    let start = position
    let digits = skipDigits()
    let next = current
    let ends = next == UInt8(ascii: ",") || next == UInt8(ascii: "}") || Self.isSpace(next)
    guard ends, digits > 0, digits < 19, digits == 1 || byte(start) != 0x30 else {
      position = start
      return nil
    }
    var value: Int64 = 0
    for place in start..<position { value = value * 10 + Int64(byte(place) - 0x30) }
    return value
  }

  // MARK: Strings

  /// Passes a value; where it is a text that a name may be, its place between the quotes.
  mutating func name() throws(JSONFault) -> Key? {
    guard next == UInt8(ascii: "\"") else {
      try skipValue(depth: MessageLimits.depth)
      return nil
    }
    let content = try skipString()
    return content.count <= MessageLimits.nameBytes ? content : nil
  }

  /// The text that ``name()`` passed.
  func string(_ name: Key?) -> String? {
    guard let name else { return nil }
    let end = name.start + name.count
    guard name.isEscaped else { return text(from: name.start, to: end) }
    return try? JSONValue.parse(unsafe Array(bytes[name.start - 1...end])).stringValue
  }

  /// Passes the string that begins at the current byte.
  mutating func skipString() throws(JSONFault) -> Key {
    position += 1
    let start = position
    var isEscaped = false
    while position < end {
      position += plainBytes
      guard position < end else { break }
      let next = byte(position)
      switch next {
      case UInt8(ascii: "\""):
        position += 1
        return Key(start: start, count: position - 1 - start, isEscaped: isEscaped)
      case UInt8(ascii: "\\"):
        isEscaped = true
        try skipEscape()
      case ..<0x20: throw fault("a control character in a string; write it as \\u00XX")
      case ..<0x80: position += 1
      default: try skipScalar(next)
      }
    }
    throw fault("the text ends in the middle of a string")
  }

  /// How many of the next eight bytes are plain ASCII of a string; 0 near the end.
  private var plainBytes: Int {
    guard position + 8 <= end else { return 0 }
    let word = UInt64(
      littleEndian: unsafe UnsafeRawPointer(bytes.baseAddress! + position).loadUnaligned(as: UInt64.self))
    let ones: UInt64 = 0x0101_0101_0101_0101
    let quote = (word ^ (ones &* 0x22)) &- ones
    let backslash = (word ^ (ones &* 0x5C)) &- ones
    let control = word &- ones &* 0x20
    // The lowest high bit is right; those above it may come from a borrow.
    return ((word | quote | backslash | control) & (ones &* 0x80)).trailingZeroBitCount / 8
  }

  private mutating func skipEscape() throws(JSONFault) {
    position += 1
    switch current {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      position += 1
    case UInt8(ascii: "u"):
      let first = try codeUnit()
      guard first >= 0xD800, first <= 0xDFFF else { return }
      guard first < 0xDC00, current == UInt8(ascii: "\\") else { throw fault("half of a surrogate pair") }
      position += 1
      guard current == UInt8(ascii: "u") else { throw fault("half of a surrogate pair") }
      let second = try codeUnit()
      guard second >= 0xDC00, second <= 0xDFFF else { throw fault("half of a surrogate pair") }
    default: throw fault("an escape that JSON does not know")
    }
  }

  private mutating func codeUnit() throws(JSONFault) -> UInt32 {
    position += 1
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = Hex.digit(current) else { throw fault("\\u needs four hexadecimal digits") }
      unit = unit << 4 | UInt32(digit)
      position += 1
    }
    return unit
  }

  /// One scalar of two to four bytes: the well-formed sequences of Unicode's table 3-7.
  private mutating func skipScalar(_ first: UInt8) throws(JSONFault) {
    let (length, low, high): (Int, UInt8, UInt8) =
      switch first {
      case 0xC2...0xDF: (2, 0x80, 0xBF)
      case 0xE0: (3, 0xA0, 0xBF)
      case 0xED: (3, 0x80, 0x9F)
      case 0xE1...0xEF: (3, 0x80, 0xBF)
      case 0xF0: (4, 0x90, 0xBF)
      case 0xF4: (4, 0x80, 0x8F)
      case 0xF1...0xF3: (4, 0x80, 0xBF)
      default: (0, 0, 0)
      }
    guard length > 0, position + length <= end, byte(position + 1) >= low, byte(position + 1) <= high else {
      throw fault("a string that is not UTF-8")
    }
    for place in 2..<max(2, length) where byte(position + place) & 0xC0 != 0x80 {
      throw fault("a string that is not UTF-8")
    }
    position += length
  }
}
