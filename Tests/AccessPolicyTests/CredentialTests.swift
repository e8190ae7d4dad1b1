import AccessPolicy
import Testing

@Suite struct CredentialTests {
  /// Texts of one credential, and the normal form.
  @Test(arguments: [
    ("plate:京A12345", "plate:京A12345"), ("plate:京·A12345", "plate:京A12345"),
    ("plate:京a-123.45", "plate:京A12345"), ("plate: 京A 12345 ", "plate:京A12345"),
    ("plate:京Ａ１２３４５", "plate:京A12345"), ("plate:京ａ１２３４５", "plate:京A12345"),
    ("plate:京A\u{3000}12345", "plate:京A12345"), ("plate:京A\u{00A0}12345", "plate:京A12345"),
    ("plate:京A・12345", "plate:京A12345"), ("plate:京A•12345", "plate:京A12345"),
    ("plate:京A—123–45", "plate:京A12345"), ("plate:京A①②345", "plate:京A12345"),
    ("plate:\u{2FCA}A12345", "plate:黑A12345"), ("plate:b-ab 123", "plate:BAB123"),
    ("plate:TÜ AB 12", "plate:TÜAB12"), ("plate:tu\u{308} ab 12", "plate:TÜAB12"),
    ("plate:ｱ-123", "plate:ア123"),
    ("plate:粤Z1234港", "plate:粤Z1234港"), ("plate:а123вс", "plate:A123BC"),
    ("Plate:x1", "plate:X1"), ("card:h10301/001/00002", "card:H10301/1/2"),
    ("card:H10306/65535/65535", "card:H10306/65535/65535"),
    ("card:c1000-35/4095/1048575", "card:C1000-35/4095/1048575"),
    ("card:H10302/7", "card:H10302/0/7"), ("card:H10302//7", "card:H10302/0/7"),
    ("card:RAW/26/3ffffff", "card:raw/26/3FFFFFF"), ("card:raw/32/1", "card:raw/32/00000001"),
    ("card:raw/1/1", "card:raw/1/1"), ("card:raw/9/0", "card:raw/9/000"),
    ("qr:V-7F3K", "qr:V-7F3K"), ("qr:a:b", "qr:a:b"), ("face:李娜", "face:李娜"), ("pin:4711", "pin:****"),
  ])
  func normalForm(_ text: String, _ expected: String) throws {
    let key = try CredentialKey.parse(text)
    #expect(key.description == expected)
    #expect(try CredentialKey.parse(stored: key.storedText) == key)
    #expect(try CredentialKey.parse(bytes: Array(text.utf8)) == key)
  }

  /// One car has one normal form, whatever script, form or spacing its plate is typed or read in.
  @Test(
    arguments: [
      // Mainland China: seven characters, eight with new energy, police, embassy, school, trailer, army.
      ("沪·B66T20", "沪B66T20"), ("粤B·D12345", "粤BD12345"), ("粵BD12345", "粤BD12345"), ("粤ＢＤ１２３４５", "粤BD12345"),
      ("京A1234警", "京A1234警"), ("使·014578", "使014578"), ("京A0123領", "京A0123领"), ("蘇E·4567學", "苏E4567学"),
      ("魯K1234掛", "鲁K1234挂"), ("WJ京1234A", "WJ京1234A"), ("贛A 88888", "赣A88888"), ("瓊A00001", "琼A00001"),
      // Hong Kong and Macao, on their own plates and on those of Guangdong.
      ("粤Z·1234港", "粤Z1234港"), ("粵Z F023 澳", "粤ZF023澳"), ("ab 1234", "AB1234"), ("MA-12-34", "MA1234"),
      // Cyrillic and Greek plates have only letters that Latin has too.
      ("А123ВС77", "A123BC77"), ("a123bc77", "A123BC77"), ("АА 1234 ВВ", "AA1234BB"),
      ("ІІ1234ІІ", "II1234II"),
      ("ΥΖΝ-1234", "YZN1234"), ("Б123ГД", "Б123ГД"),
      // Arabic, with either row of digits, marks of direction, and letters in the shape of their place.
      ("أ ب ح ١٢٣٤", "ابح1234"), ("۱۲ب۳۴۵", "12ب345"), ("\u{200F}١٢٣\u{200E}", "123"), ("\u{FE91}١", "ب1"),
      ("ی١", "ي1"), ("ک١", "ك1"),
      // Thai, Devanagari, Korean (also decomposed), Japanese, letters for formulas, Turkish capitals.
      ("กข ๑๒๓๔", "กข1234"), ("बा १ च १२३४", nil), ("12가3456", "12가3456"),
      ("12\u{1100}\u{1161}3456", "12가3456"), ("\u{1100}\u{1161}\u{11A8}1", "각1"),
      ("品川 300 あ 12-34", "品川300あ1234"), ("\u{1D400}\u{1D41A}\u{1D7CE}", "AA0"), ("34 İST 1", "34IST1"),
    ] as [(String, String?)])
  func plates(_ text: String, _ expected: String?) throws {
    guard let expected else {
      // A vowel mark of its own stands on no plate.
      #expect(throws: CredentialFault.self) { try CredentialKey.parse("plate:\(text)") }
      return
    }
    let key = try CredentialKey.parse("plate:\(text)")
    #expect(key.description == "plate:\(expected)")
    #expect(try CredentialKey.parse(key.description) == key)
  }

  @Test(arguments: [
    ("", CredentialFault.withoutKind), ("京A12345", .withoutKind), (":x", .unknownKind(nearest: .qr)),
    ("plat:京A1", .unknownKind(nearest: .plate)), ("crad:1", .unknownKind(nearest: .card)),
    ("plate:", .empty(.plate)), ("plate:-. ", .empty(.plate)), ("plate:_无_", .character(.plate, 0x5F)),
    ("plate:A\u{0}B", .character(.plate, 0)), ("plate:A\u{200B}B", .character(.plate, 0x200B)),
    ("plate:A'B", .character(.plate, 0x27)), ("plate:12345678901234567", .tooLong(.plate)),
    ("plate:" + String(repeating: "A", count: 300), .tooLong(nil)), ("card:", .empty(.card)),
    ("card:12345", .cardFormat),
    ("card:H10301", .cardParts(format: "H10301", wanted: "H10301/FACILITY/NUMBER")),
    ("card:H10301/1/2/3", .cardParts(format: "H10301", wanted: "H10301/FACILITY/NUMBER")),
    ("card:H10301/-1/2", .cardParts(format: "H10301", wanted: "H10301/FACILITY/NUMBER")),
    ("card:H10301/256/2", .cardRange(format: "H10301", part: "facility", most: 255)),
    ("card:H10301/1/65536", .cardRange(format: "H10301", part: "number", most: 65535)),
    ("card:H10301/1/99999999999999999999", .cardParts(format: "H10301", wanted: "H10301/FACILITY/NUMBER")),
    ("card:H10302/34359738368", .cardRange(format: "H10302", part: "number", most: 34_359_738_367)),
    ("card:raw/0/0", .cardRange(format: "raw", part: "number of bits", most: 160)),
    ("card:raw/161/0", .cardRange(format: "raw", part: "number of bits", most: 160)),
    ("card:raw/26/G", .cardParts(format: "raw", wanted: "raw/BITS/HEX")),
    ("card:raw/26/4000000", .cardParts(format: "raw", wanted: "raw/26/HEX with at most 26 bits in HEX")),
    ("card:raw/8/100", .cardParts(format: "raw", wanted: "raw/8/HEX with at most 8 bits in HEX")),
    ("pin:", .empty(.pin)), ("pin:12", .pin), ("pin:12345678901234567", .pin), ("pin:12a4", .pin),
    ("pin:١٢٣٤", .pin), ("qr:\u{1B}[2J", .character(.qr, 0x1B)), ("qr:a\u{202E}b", .character(.qr, 0x202E)),
    ("qr:" + String(repeating: "x", count: 65), .tooLong(.qr)),
  ])
  func faults(_ text: String, _ fault: CredentialFault) {
    #expect(throws: fault) { try CredentialKey.parse(text) }
    #expect(!fault.description.isEmpty)
  }

  @Test func aReaderCannotSendAPinsDigest() throws {
    let key = try CredentialKey.parse("pin:4711")
    #expect(key.storedText.hasPrefix("pin:d1/"))
    #expect(!key.storedText.contains("4711"))
    #expect(throws: CredentialFault.pin) { try CredentialKey.parse(key.storedText) }
    #expect(throws: CredentialFault.pin) {
      try CredentialKey.parse(stored: "pin:d1/" + String(repeating: "G", count: 40))
    }
  }

  /// SHA-256 of `gatehouse-pin:4711` and of `gatehouse-pin:0000000000000000`, by sha256sum.
  @Test(arguments: [
    ("4711", "53ce52e95166713090db7928442deef6f1236ff3"),
    ("0000000000000000", "368b3a993a9f5b526676eba318e86a609bd4b4ae"),
  ])
  func pinDigest(_ digits: String, _ digest: String) throws {
    #expect(try CredentialKey.parse("pin:\(digits)").storedText == "pin:d1/\(digest)")
  }

  @Test(arguments: [
    ("card:H10301/123/45678", "card:H10301/****78"), ("card:H10301/123/7", "card:H10301/****"),
    ("card:raw/26/2ABCDEF", "card:raw/****EF"), ("pin:4711", "pin:****"), ("plate:京A12345", "plate:京A12345"),
  ])
  func masked(_ text: String, _ expected: String) throws {
    #expect(try CredentialKey.parse(text).masked == expected)
  }

  @Test(arguments: [
    ("1970-01-01T00:00:00Z", 0), ("2026-11-22T08:00:00+08:00", 1_795_305_600_000),
    ("2026-11-22T00:00:00.123Z", 1_795_305_600_123), ("2026-11-22t00:00:00.1239z", 1_795_305_600_123),
    ("2026-11-22 00:00:00.5Z", 1_795_305_600_500), ("1969-12-31T23:59:59.999Z", -1),
    ("2024-02-29T12:00:00-05:30", 1_709_227_800_000), ("2016-12-31T23:59:60Z", 1_483_228_800_000),
    ("0000-01-01T00:00:00Z", -62_167_219_200_000), ("9999-12-31T23:59:59.999Z", 253_402_300_799_999),
  ])
  func times(_ text: String, _ expected: Int64) throws {
    let at = try UnixMilliseconds.parse(text)
    #expect(at == expected)
    #expect(try UnixMilliseconds.parse(UnixMilliseconds.text(at)) == at)
  }

  @Test(arguments: [
    ("", UnixMilliseconds.Fault.form), ("tomorrow", .form), ("2026-11-22", .form),
    ("2026-1-2T00:00:00Z", .form),
    ("2026-11-22T08:00:00", .withoutOffset), ("2026-02-29T08:00:00Z", .date), ("2026-13-01T08:00:00Z", .date),
    ("2026-11-00T08:00:00Z", .date), ("2026-11-22T24:00:00Z", .time), ("2026-11-22T08:60:00Z", .time),
    ("2026-11-22T08:00:00+24:00", .offset), ("2026-11-22T08:00:00+0800", .form),
    ("2026-11-22T08:00:00.Z", .form),
    ("2026-11-22T08:00:00Zz", .form), ("2026-11-22T08:00:00+08:00:00", .form),
    ("+026-11-22T08:00:00Z", .form),
  ])
  func badTimes(_ text: String, _ fault: UnixMilliseconds.Fault) {
    #expect(throws: fault) { try UnixMilliseconds.parse(text) }
  }

  @Test func timesAreWrittenInUTC() {
    #expect(UnixMilliseconds.text(1_795_305_600_123) == "2026-11-22T00:00:00.123Z")
    #expect(UnixMilliseconds.text(.max) == "9999-12-31T23:59:59.999Z")
    #expect(UnixMilliseconds.text(.min) == "0000-01-01T00:00:00.000Z")
  }
}
