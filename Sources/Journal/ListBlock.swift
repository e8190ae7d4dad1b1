/// What is given the rows of a stored list in their order, without a copy of any text.
public protocol StoredListReceiver: ~Copyable {
  /// Terms of rows that follow; the same may come again.
  ///
  /// - Returns: the number with which those rows are to be given.
  mutating func terms(_ terms: StoredListTerms) -> Int

  /// - Parameters:
  ///   - credential: UTF-8 of ``StoredListRow/credential``.
  ///   - holder: UTF-8 of ``StoredListRow/holder``.
  ///   - terms: what ``terms(_:)`` returned.
  mutating func row(credential: Span<UInt8>, holder: Span<UInt8>, terms: Int)
}

/// Rows as they lie in a block of `list.db`: what SQLite does for a row, it does here for two thousand at once.
///
/// A row: the number of its terms in this block, counted from 1, or 0 and the terms, which have the next number then;
/// the credential; the holder. Terms: groups, flags, a byte that tells which of the three values are there, and those,
/// eight bytes each, the lowest first. A text stands behind its length in bytes. Numbers and lengths take seven bits a
/// byte, the lowest first, with the eighth bit set where more follow.
enum ListBlock {
  /// The rows of a block, one behind the other.
  struct Writer {
    private(set) var bytes: [UInt8] = []
    private var numbers: [StoredListTerms: Int] = [:]

    mutating func add(_ row: StoredListRow) {
      if let number = numbers[row.terms] {
        add(number)
      } else {
        add(0)
        add(row.terms)
        numbers[row.terms] = numbers.count + 1
      }
      add(row.credential)
      add(row.holder)
    }

    private mutating func add(_ terms: StoredListTerms) {
      add(terms.groups)
      add(terms.flags)
      let values = [terms.validFrom, terms.validUntil, terms.uses]
      bytes.append(values.enumerated().reduce(0) { $0 | ($1.element == nil ? 0 : 1 << $1.offset) })
      for value in values.compactMap({ $0 }) {
        for byte in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: value >> Int64(byte * 8))) }
      }
    }

    private mutating func add(_ text: String) {
      add(text.utf8.count)
      bytes.append(contentsOf: text.utf8)
    }

    private mutating func add(_ number: Int) {
      var rest = number
      while rest > 127 {
        bytes.append(UInt8(rest & 127) | 128)
        rest >>= 7
      }
      bytes.append(UInt8(rest))
    }
  }

  /// Gives the rows of a block, whatever it holds: nothing behind its end is read.
  ///
  /// - Returns: how many; nil where it is no block, or has more than `limit` rows.
  static func read<Receiver: StoredListReceiver & ~Copyable>(
    _ block: Span<UInt8>, limit: Int64, to receiver: inout Receiver
  ) -> Int64? {
    var place = 0
    var rows: Int64 = 0
    // What the receiver calls the block's terms.
    var terms: [Int] = []
    while place < block.count {
      guard rows < limit, let number = number(block, &place), number <= terms.count else { return nil }
      if number == 0 {
        guard let new = Self.terms(block, &place) else { return nil }
        terms.append(receiver.terms(new))
      }
      guard let credential = text(block, &place), let holder = text(block, &place) else { return nil }
      receiver.row(
        credential: block.extracting(credential), holder: block.extracting(holder),
        terms: number == 0 ? terms[terms.count - 1] : terms[number - 1])
      rows += 1
    }
    return rows
  }

  private static func terms(_ block: Span<UInt8>, _ place: inout Int) -> StoredListTerms? {
    guard let groups = text(block, &place), let flags = text(block, &place), place < block.count else {
      return nil
    }
    let marks = block[place]
    place += 1
    guard marks < 8 else { return nil }
    var values: [Int64?] = [nil, nil, nil]
    for value in values.indices where marks >> UInt8(value) & 1 != 0 {
      guard block.count - place >= 8 else { return nil }
      values[value] = (0..<8).reduce(0) { $0 | Int64(block[place + $1]) << Int64($1 * 8) }
      place += 8
    }
    return StoredListTerms(
      groups: string(block.extracting(groups)), validFrom: values[0], validUntil: values[1], uses: values[2],
      flags: string(block.extracting(flags)))
  }

  /// Text that is not UTF-8 is repaired, never refused: the file may be damaged.
  static func string(_ bytes: Span<UInt8>) -> String {
    unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
  }

  /// Where a text stands.
  @inline(__always)
  private static func text(_ block: Span<UInt8>, _ place: inout Int) -> Range<Int>? {
    guard let count = number(block, &place), count <= block.count - place else { return nil }
    let start = place
    place += count
    return start..<place
  }

  /// Of at most four bytes: nothing in a block counts further.
  @inline(__always)
  private static func number(_ block: Span<UInt8>, _ place: inout Int) -> Int? {
    guard place < block.count else { return nil }
    let byte = block[place]
    place += 1
    return byte < 128 ? Int(byte) : longNumber(block, &place, Int(byte & 127))
  }

  private static func longNumber(_ block: Span<UInt8>, _ place: inout Int, _ first: Int) -> Int? {
    var number = first
    for shift in [7, 14, 21] {
      guard place < block.count else { return nil }
      let byte = block[place]
      place += 1
      number |= Int(byte & 127) << shift
      if byte < 128 { return number }
    }
    return nil
  }
}
