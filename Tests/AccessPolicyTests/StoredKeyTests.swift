import TestSupport
import Testing

@testable import AccessPolicy

/// What is read from bytes at once is what the parser of text would have read.
@Suite struct StoredKeyTests {
  private static let texts = [
    "plate:京A12345", "plate:京·A12345", "plate:京a12345", "plate:粵BD12345", "plate:粤BD12345", "plate:ＡＢ１２",
    "plate:TÜAB12", "plate:TU\u{308}AB12", "plate:Б123ГД", "plate:А123ВС77", "plate:品川300あ1234",
    "plate:12가3456",
    "plate:12\u{1100}\u{1161}3456", "plate:ابح1234", "plate:أبح1234", "plate:กข1234", "plate:\u{1D400}1",
    "plate:か\u{3099}1", "plate:", "plate:-", "plate:ABCDEFGH12345678", "plate:ABCDEFGH123456789",
    "plate:A\u{0}",
    "plate:京京京京京京京京京京京京京京京京", "plate:京京京京京京京京京京京京京京京京京", "plate:Ω1", "plate:ß1", "PLATE:X1",
    "card:H10301/1/2", "card:H10301/01/2", "card:h10301/1/2", "card:H10301/255/65535", "card:H10301/256/1",
    "card:H10301/1/65536", "card:H10302/0/7", "card:H10302/7", "card:H10302/1/7", "card:H10302/0/34359738367",
    "card:H10302/0/34359738368", "card:C1000-35/4095/1048575", "card:raw/26/3FFFFFF", "card:raw/26/03FFFFFF",
    "card:raw/26/4000000", "card:raw/26/3ffffff", "card:raw/1/1", "card:raw/1/2", "card:raw/9/000",
    "card:raw/160/" + String(repeating: "F", count: 40), "card:raw/161/" + String(repeating: "0", count: 41),
    "card:raw/0/0", "card:raw/4/", "card:raw/4/G", "card:raw/4/:", "card:raw/4/@", "card:H10301/1/2/3",
    "card:",
    "card:H10301//2", "card:H10301/1/", "card:H10301/1/99999999999999999999", "card:X/1/2", "card:raw/4/A/1",
    "pin:4711", "pin:d1/0123456789abcdef0123456789abcdef01234567",
    "pin:d1/0123456789ABCDEF0123456789abcdef01234567",
    "pin:d1/0123456789abcdef0123456789abcdef0123456", "pin:", "qr:V-7F3K", "qr:a:b", "qr:", "qr: ",
    "qr:\u{7F}",
    "qr:é", "qr:" + String(repeating: "x", count: 64), "qr:" + String(repeating: "x", count: 65), "face:李娜",
    "face:7", "", ":", "plate", "nothing:1", "platex:1", "plat:1", "averylongkind:1",
  ]

  private static func check(_ text: [UInt8], _ keys: inout StoredKeys, _ why: String) {
    let expected = try? CredentialKey.parse(stored: String(decoding: text, as: UTF8.self))
    let key = keys.key(text.span)
    #expect(key == expected && key?.storedText == expected?.storedText, "\(why)")
  }

  @Test func isWhatTheParserReads() {
    var keys = StoredKeys()
    // Twice: the second time every letter is known.
    for _ in 0..<2 {
      for text in StoredKeyTests.texts { StoredKeyTests.check(Array(text.utf8), &keys, text) }
    }
  }

  @Test(arguments: [UInt64(11), 417]) func isWhatTheParserReadsOfAnything(_ seed: UInt64) {
    var numbers = SplitMix64(seed: seed)
    var keys = StoredKeys()
    for _ in 0..<20_000 {
      var bytes = Array(StoredKeyTests.texts.randomElement(using: &numbers)!.utf8)
      for _ in 0..<Int.random(in: 0...2, using: &numbers) where !bytes.isEmpty {
        bytes[Int.random(in: bytes.indices, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      }
      StoredKeyTests.check(bytes, &keys, "seed \(seed): \(bytes)")
    }
  }

  /// Where the parser's tables have something to say every character, elsewhere one in sixty-one; those that could join
  /// a letter before them also behind one.
  @Test func isWhatTheParserReadsOfCharacters() {
    var keys = StoredKeys()
    let tables: [ClosedRange<UInt32>] = [
      0x21...0x17F, 0x300...0x530, 0x620...0x6FF, 0x1100...0x11FF, 0x2070...0x2089, 0x2460...0x24E9,
      0x2F00...0x30FF, 0xF900...0xFAFF, 0xFE8D...0xFFA0,
    ]
    for code in UInt32(1)..<0x1_0000 where code % 61 == 0 || tables.contains(where: { $0.contains(code) }) {
      guard let letter = Unicode.Scalar(code) else { continue }
      for before in PlateForm.joins(letter) ? ["", "A", "\u{1100}", "가"] : [""] {
        StoredKeyTests.check(Array("plate:\(before)\(Character(letter))1".utf8), &keys, "U+\(code) \(before)")
      }
    }
  }

  /// Rows from bytes make the same tables as rows.
  @Test func rowsFromBytesMakeTheSameList() throws {
    let rows =
      TestSite.rows()
      + (0..<500).map { number in
        ListRow(
          credential: SnapshotTests.plate(number / 2), holder: String(repeating: "京", count: number % 70),
          groups: [number % 3], validFrom: number % 4 == 0 ? 1 : nil, flags: number % 9 == 0 ? .deny : [])
      }
    var builder = ListSnapshotBuilder(groups: TestSite.groups)
    for row in rows {
      let terms = builder.terms(
        groups: row.groups, validFrom: row.validFrom, validUntil: row.validUntil, uses: row.uses,
        flags: row.flags)
      let (credential, holder) = (Array(row.credential.storedText.utf8), Array(row.holder.utf8))
      let isTaken = builder.append(stored: credential.span, holder: holder.span, terms: terms)
      #expect(isTaken)
    }
    let nothing: [UInt8] = Array("plate:".utf8)
    let isTaken = builder.append(stored: nothing.span, holder: nothing.span, terms: 0)
    #expect(!isTaken)
    let list = ListSnapshot(version: 1, builder: builder)
    let same = ListSnapshot(rows: rows, version: 1, groups: TestSite.groups)
    #expect(list.count == same.count)
    for place in 0..<same.count { #expect(list.row(at: place) == same.row(at: place)) }
  }
}
