/// A record as it lies in the file: its bytes one by one, but for the words that nearly every record says, which are one
/// byte each. A card has to take a third of it, and unpacking gives the record's bytes verbatim.
///
/// - What begins with `{` is a record as it is.
/// - What begins with 1 was packed with version 1 of ``RecordWords``: a code stands for its word, 0 says that the byte
///   behind it is meant itself, every other byte is itself.
enum RecordPacking {
  private static let version: UInt8 = 1
  private static let escape: UInt8 = 0
  private static let table = WordTable(RecordWords.first)

  static func packed(_ record: [UInt8]) -> [UInt8] {
    let table = table
    return unsafe record.withUnsafeBufferPointer { record in
      var packed: [UInt8] = []
      packed.reserveCapacity(record.count / 2 + 8)
      packed.append(version)
      var place = 0
      while place < record.count {
        let byte = unsafe record[place]
        if let word = unsafe table.word(in: record, at: place, beginningWith: byte) {
          packed.append(word.code)
          place += word.count
          continue
        }
        if byte == escape || table.counts[Int(byte)] != 0 { packed.append(escape) }
        packed.append(byte)
        place += 1
      }
      return packed
    }
  }

  /// The record's bytes; what no version of this program packed is given as it stands: no chain will fit it.
  static func unpacked(_ stored: [UInt8]) -> [UInt8] {
    unsafe stored.withUnsafeBufferPointer { stored in
      guard let count = unsafe count(stored) else { return unsafe Array(stored) }
      return unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
        unsafe unpack(stored, to: output)
        filled = count
      }
    }
  }

  /// Appends what ``unpacked(_:)`` gives.
  static func append(_ stored: UnsafeBufferPointer<UInt8>, to records: inout [UInt8]) {
    guard let count = unsafe count(stored) else { return unsafe records.append(contentsOf: stored) }
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: count) { output in
      unsafe unpack(stored, to: output)
      unsafe records.append(contentsOf: output)
    }
  }

  /// Bytes of the record; nil where it was not packed.
  private static func count(_ stored: UnsafeBufferPointer<UInt8>) -> Int? {
    guard unsafe stored.first == version else { return nil }
    let table = table
    var count = 0
    var place = 1
    while place < stored.count {
      let byte = unsafe stored[place]
      if byte == escape { place += 1 }
      guard place < stored.count else { return nil }
      count += byte == escape ? 1 : max(1, Int(table.counts[Int(byte)]))
      place += 1
    }
    return count
  }

  /// `output` holds as many bytes as ``count(_:)`` says.
  private static func unpack(
    _ stored: UnsafeBufferPointer<UInt8>, to output: UnsafeMutableBufferPointer<UInt8>
  ) {
    let table = table
    unsafe table.bytes.withUnsafeBufferPointer { words in
      var place = 1
      var end = 0
      while place < stored.count {
        let byte = unsafe stored[place]
        let count = Int(table.counts[Int(byte)])
        if count == 0 {
          if byte == escape { place += 1 }
          unsafe output[end] = stored[place]
          end += 1
        } else {
          let start = Int(table.starts[Int(byte)])
          unsafe UnsafeMutableRawPointer(output.baseAddress! + end).copyMemory(
            from: words.baseAddress! + start, byteCount: count)
          end += count
        }
        place += 1
      }
    }
  }
}

/// Words by their codes, and by their first bytes.
struct WordTable {
  /// All words, one behind the other.
  private(set) var bytes: [UInt8] = []
  /// By code: where the word begins, and how long it is; 0 where the byte is no code.
  private(set) var starts = [UInt16](repeating: 0, count: 256)
  private(set) var counts = [UInt8](repeating: 0, count: 256)
  /// By first byte: the codes of the words that begin so, the longest first.
  private var codes = [[UInt8]](repeating: [], count: 256)

  init(_ words: [StaticString]) {
    precondition(words.count <= RecordWords.codes.count, "more words than codes")
    for (word, code) in zip(words, RecordWords.codes) {
      starts[Int(code)] = UInt16(bytes.count)
      counts[Int(code)] = UInt8(word.utf8CodeUnitCount)
      bytes += Array(word.description.utf8)
      codes[Int(bytes[Int(starts[Int(code)])])].append(code)
    }
    for first in codes.indices { codes[first].sort { counts[Int($0)] > counts[Int($1)] } }
  }

  /// The longest word that stands there.
  func word(
    in record: UnsafeBufferPointer<UInt8>, at place: Int, beginningWith first: UInt8
  ) -> (code: UInt8, count: Int)? {
    for code in codes[Int(first)] {
      let count = Int(counts[Int(code)])
      let start = Int(starts[Int(code)])
      guard place + count <= record.count else { continue }
      var offset = 1
      while offset < count, unsafe record[place + offset] == bytes[start + offset] { offset += 1 }
      if offset == count { return (code, count) }
    }
    return nil
  }
}

extension Statement {
  /// The record that lies in a column; nil where its content was dropped.
  func optionalRecord(_ column: Int32) -> [UInt8]? { optionalBytes(column).map(RecordPacking.unpacked) }
}
