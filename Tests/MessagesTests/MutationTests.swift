import Testing

@testable import Messages

/// Wyrand: small, and the same everywhere for the same seed.
private struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0xA076_1D64_78BD_642F
    let product = state.multipliedFullWidth(by: state ^ 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}

@Suite struct MutationTests {
  private static let hash = [UInt8](repeating: 7, count: 32)

  private static let seeds: [[UInt8]] = [
    LogRecordTests.full.encoded(seq: 101), LogRecord.redacted(gateway: "g", seq: 1, digest: hash),
    IngressRequest(
      id: "1", reader: "r", credential: "plate:京A1", confidence: 0.5,
      candidates: [.init(value: "x", confidence: 0.1)],
      seenAt: Timestamp(milliseconds: 0), track: "t"
    ).encoded(), IngressReply.decided(id: "1", decision: .deny, reason: "r", point: "p", seq: 1).encoded(),
    ControlRequest(id: 1, verb: "open", args: ["point": "p"]).encoded(),
    ControlReply.refused(id: 1, error: "no", detail: ["faults": [["line": 1]]]).encoded(),
    UplinkLogBatch(gateway: "g", first: 1, previous: hash, gap: nil, records: [Array("{}".utf8)]).encoded(),
    SignedEnvelope(signature: hash + hash, payload: Array("{}".utf8)).encoded(),
    Array(#"{"a":[1,-2.5e3,"\ud83d\ude97\n",true,null,{"b":{}}],"t":"2026-11-22T08:00:00.123Z"}"#.utf8),
  ]

  /// Every reader meets 20,000 damaged messages. Passing means that nothing trapped, and that what was taken for
  /// whole can be written and read again unchanged.
  @Test func damagedMessagesNeverTrap() throws {
    var generator = SeededGenerator(state: 0x6761_7465)
    for round in 0..<20_000 {
      var bytes = Self.seeds[round % Self.seeds.count]
      for _ in 0..<Int.random(in: 1...4, using: &generator) { mutate(&bytes, &generator) }
      if let value = try? JSONValue.parse(bytes) {
        let again = try JSONValue.parse(value.encoded())
        #expect(again == value, "round \(round) of seed 0x67617465: \(Hex.text(bytes))")
      }
      #expect(walks(bytes) == reads(bytes), "round \(round) of seed 0x67617465: \(Hex.text(bytes))")
      readEverything(bytes)
    }
  }

  private func walks(_ bytes: [UInt8]) -> Bool {
    unsafe bytes.withUnsafeBufferPointer { bytes in
      var walker = unsafe JSONWalker(bytes)
      do throws(JSONFault) {
        try walker.skipValue(depth: MessageLimits.depth)
        try walker.expectEnd()
        return true
      } catch {
        return false
      }
    }
  }

  /// The walker does not look for keys that stand twice, nor for how large a number is.
  private func reads(_ bytes: [UInt8]) -> Bool {
    do throws(JSONFault) {
      _ = try JSONValue.parse(bytes)
      return true
    } catch {
      guard error.text.hasSuffix("stands twice") || error.text.contains("too large") else { return false }
      return walks(bytes)
    }
  }

  private func mutate(_ bytes: inout [UInt8], _ generator: inout SeededGenerator) {
    let place = Int.random(in: 0...bytes.count, using: &generator)
    let marks = Array("{}[]\",:\\u-0eE.\n".utf8)
    switch Int.random(in: 0..<6, using: &generator) {
    case 0 where place < bytes.count: bytes[place] = UInt8.random(in: .min ... .max, using: &generator)
    case 1 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case 2: bytes.insert(marks.randomElement(using: &generator) ?? 0, at: place)
    case 3: bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 0...8, using: &generator)))
    case 4: bytes.insert(contentsOf: bytes.prefix(Int.random(in: 0...40, using: &generator)), at: place)
    default: bytes.removeSubrange(place...)
    }
  }

  private func readEverything(_ bytes: [UInt8]) {
    // A record is one line; one in pieces is none to who passes records on.
    if let line = try? LogRecord.parse(bytes), !bytes.contains(0x0A) {
      #expect((try? RecordHead(bytes))?.seq == line.seq)
    }
    _ = try? IngressRequest.parse(bytes)
    _ = try? IngressReply.parse(bytes)
    _ = try? ControlRequest.parse(bytes)
    _ = try? ControlReply.parse(bytes)
    _ = try? UplinkLogBatch.parse(bytes)
    _ = try? SignedEnvelope.parse(bytes)
    _ = try? UplinkBirth.parse(bytes)
    _ = try? UplinkCommand.parse(bytes)
    _ = try? UplinkListPart.parse(bytes)
    let text = String(decoding: bytes, as: UTF8.self)
    _ = Timestamp(text)
    _ = Base64.bytes(text)
    _ = UplinkTopics.parse(text)
    var framer = LineFramer(limit: 64)
    framer.feed(bytes)
    while framer.next() != nil {}
  }
}
