import HQ
import Journal
import Messages
import Platform
import Testing

@Suite struct SigningTests {
  @Test func aKeyIsWrittenAndReadAgain() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let key = SigningKey.generate()
    try Files.write(key.pem(), to: "\(place.path)/hq.key")
    let read = try SigningKey.read("\(place.path)/hq.key")
    #expect(read.publicKey == key.publicKey)
    #expect(key.publicKey.hasPrefix("ed25519:"))
    #expect(Base64.bytes(String(key.publicKey.dropFirst(8)))?.count == 32)
    #expect(read.sign([1, 2, 3]) == key.sign([1, 2, 3]))
    try Files.write([1, 2, 3], to: "\(place.path)/other.key")
    #expect(throws: SigningKey.Fault.self) { try SigningKey.read("\(place.path)/other.key") }
    #expect(throws: SigningKey.Fault.self) { try SigningKey.read("\(place.path)/missing.key") }
  }

  @Test func aLongListIsCutIntoSignedParts() throws {
    let csv = Array(("credential,holder\n" + String(repeating: "plate:京A12345,李娜\n", count: 40_000)).utf8)
    let list = try ListPublication(csv: csv, id: "x")
      .signed(for: Estate.topics, version: 7, base: nil, key: .generate())
    #expect(list.payloads.count > 2)
    var rows = ""
    for (place, payload) in list.payloads.enumerated() {
      let part = try UplinkListPart.parse(try SignedEnvelope.parse(payload).payload)
      #expect((part.site, part.gateway) == ("riverside", "gw-1"))
      #expect(part.part == Int64(place + 1))
      #expect(part.digest == Digest.of(csv))
      rows += part.rows
    }
    #expect(Array(rows.utf8) == csv)
    #expect(throws: MessageFault.self) {
      try ListPublication(csv: Array("a,b\n".utf8), id: "x")
    }
  }
}
