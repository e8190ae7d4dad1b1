import TestSupport
import Testing

@testable import Readers

@Suite struct OSDPFrameTests {
  @Test(arguments: [true, false], [nil, [0x15], [0x11, 1]] as [[UInt8]?])
  func whatIsEncodedIsRead(usesCRC: Bool, security: [UInt8]?) throws {
    for count in [0, 1, 5, 200, 1_000] {
      let frame = OSDPFrame(
        address: 17, isReply: true, sequence: 2, usesCRC: usesCRC, security: security, code: 0x50,
        data: (0..<count).map { UInt8($0 & 0xFF) })
      let bytes = frame.encoded()
      #expect(try OSDPFrame(bytes) == frame)
      for place in bytes.indices where place % 7 == 0 {
        var damaged = bytes
        damaged[place] ^= 0x04
        #expect(throws: OSDPFault.self) { try OSDPFrame(damaged) }
      }
    }
  }

  @Test func aPollIsWhatTheStandardShows() {
    // Address 5, sequence 1, CRC.
    #expect(OSDPFrame(address: 5, sequence: 1, code: 0x60).encoded() == [0x53, 5, 8, 0, 5, 0x60, 0x8D, 0xBA])
    let sum = OSDPFrame(address: 5, sequence: 1, usesCRC: false, code: 0x60).encoded()
    #expect(sum == [0x53, 5, 7, 0, 1, 0x60, 0x40])
    #expect(sum.reduce(0) { $0 &+ $1 } == 0)
  }

  static let poll = OSDPFrame(address: 5, sequence: 1, code: 0x60).encoded()
  static let ack = OSDPFrame(address: 5, isReply: true, sequence: 1, code: 0x40).encoded()

  @Test(
    arguments: [
      (poll + ack, 2), ([0xFF, 0xFF] + poll, 1), ([0x53] + poll, 1), ([0x53, 0x05, 0x09, 0x00] + poll, 1),
      (Array(poll.dropLast()), 0), (Array(poll.dropLast()) + ack, 1),
      ([0x53, 5, 3, 0] + poll + [1, 2] + ack, 2),
      ([0x53, 5, 0xFF, 0xFF] + ack, 1), ([], 0),
    ] as [([UInt8], Int)]) func framesAreFoundInNoise(bytes: [UInt8], count: Int)
  {
    for step in [1, 3, 64] {
      var framer = OSDPFramer()
      var found = 0
      for start in stride(from: 0, to: bytes.count, by: step) {
        framer.feed(Array(bytes[start..<min(start + step, bytes.count)]))
        while framer.next() != nil { found += 1 }
      }
      // A start that promises more than comes holds back what follows it until the line is quiet.
      if found < count { for _ in 0..<40 { framer.feed([0]); while framer.next() != nil { found += 1 } } }
      #expect(found == count, "in steps of \(step)")
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4]) func noiseIsNeverAFrameAndNeverATrap(seed: UInt64) {
    var noise = SplitMix64(seed: seed)
    var framer = OSDPFramer()
    var panel = OSDPPanel(address: 5, key: OSDPTranscriptTests.key, installUntil: 0, now: 0)
    for round in 0..<2_000 {
      _ = panel.command(now: UInt64(round) * 50)
      // Most of it looks like a frame at first.
      let head: [UInt8] = [0x53, 0x85, UInt8(noise.next() % 40), 0, UInt8(noise.next() % 16)]
      let body = head + (0..<Int(noise.next() % 40)).map { _ in UInt8(truncatingIfNeeded: noise.next()) }
      let frame = noise.next() % 2 == 0 ? body : Self.lengthen(body)
      framer.feed(frame)
      while let whole = framer.next() {
        let events = panel.take(whole, now: UInt64(round) * 50)
        #expect(
          !events.contains { if case .card = $0 { true } else { false } }, "seed \(seed), round \(round)")
      }
      if panel.isWaiting { _ = panel.silence(now: UInt64(round) * 50) }
      if round % 50 == 0 { framer.clear() }
    }
  }

  /// The same with a right length and a right check.
  static func lengthen(_ bytes: [UInt8]) -> [UInt8] {
    var bytes = bytes
    bytes[4] |= 4
    bytes[2] = UInt8(bytes.count + 2)
    return OSDPFrame.checked(bytes, usesCRC: true)
  }
}
