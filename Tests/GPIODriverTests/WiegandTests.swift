import TestSupport
import Testing

@testable import GPIODriver

/// The edges of a frame, a millisecond apart.
func edges(_ frame: [Bool], from start: UInt64 = 1_000_000_000, every period: UInt64 = 1_000_000) -> [Edge] {
  frame.enumerated().map { Edge(line: $0.element ? 1 : 0, at: start + UInt64($0.offset) * period) }
}

func bits(_ value: UInt64, _ count: Int) -> [Bool] {
  (0..<count).map { value >> UInt64(count - 1 - $0) & 1 != 0 }
}

func decode(_ edges: [Edge], _ names: [String]) -> WiegandResult? {
  var decoder = WiegandDecoder(WiegandDecoder.Setting(names: names)!)
  for edge in edges {
    if let early = decoder.take(edge) { return early }
  }
  return decoder.expire(now: decoder.expiry ?? 0)
}

/// Frames worked out from the formats' descriptions apart from this code, the first two also known from real cards.
struct KnownFrame: Sendable, CustomTestStringConvertible {
  var format: String
  var facility: UInt64
  var number: UInt64
  var frame: UInt64
  var testDescription: String { "\(format)/\(facility)/\(number)" }

  static let all: [KnownFrame] = [
    KnownFrame(format: "H10301", facility: 123, number: 4_567, frame: 0x2F623AE),
    KnownFrame(format: "H10301", facility: 118, number: 1_603, frame: 0x2EC0C86),
    KnownFrame(format: "H10301", facility: 0, number: 0, frame: 0x1),
    KnownFrame(format: "H10301", facility: 255, number: 65_535, frame: 0x1FFFFFF),
    KnownFrame(format: "H10306", facility: 123, number: 45_678, frame: 0xF764DC),
    KnownFrame(format: "H10306", facility: 65_535, number: 65_535, frame: 0x1_FFFF_FFFF),
    KnownFrame(format: "H10306", facility: 1, number: 32_768, frame: 0x2_0003_0000),
    KnownFrame(format: "H10304", facility: 123, number: 45_678, frame: 0x7B164DC),
    KnownFrame(format: "H10304", facility: 65_535, number: 524_287, frame: 0xF_FFFF_FFFF),
    KnownFrame(format: "H10304", facility: 4_660, number: 345_678, frame: 0x1_234A_8C9D),
    KnownFrame(format: "H10302", facility: 0, number: 12_345_678_901, frame: 0x15_BFB8_386A),
    KnownFrame(format: "H10302", facility: 0, number: 34_359_738_367, frame: 0xF_FFFF_FFFF),
    KnownFrame(format: "H10302", facility: 0, number: 1, frame: 0x2),
    KnownFrame(format: "C1000-35", facility: 123, number: 45_678, frame: 0x4_0F61_64DD),
    KnownFrame(format: "C1000-35", facility: 4_095, number: 1_048_575, frame: 0x5_FFFF_FFFE),
    KnownFrame(format: "C1000-35", facility: 2_048, number: 524_289, frame: 0x7_0010_0002),
    KnownFrame(format: "C1000-35", facility: 1_365, number: 699_050, frame: 0x6_AAB5_5555),
  ]
}

@Suite struct WiegandTests {
  @Test(arguments: KnownFrame.all) func aKnownFrameIsRead(known: KnownFrame) throws {
    let format = try #require(WiegandFormat.named(known.format))
    let frame = bits(known.frame, format.bits)
    #expect(format.frame(facility: known.facility, number: known.number) == frame)
    let result = decode(edges(frame), [known.format])
    #expect(result?.credential == "card:\(known.format)/\(known.facility)/\(known.number)")
  }

  @Test(arguments: KnownFrame.all) func aWrongBitIsNeverACard(known: KnownFrame) throws {
    let format = try #require(WiegandFormat.named(known.format))
    for bit in 0..<format.bits {
      var frame = bits(known.frame, format.bits)
      frame[bit].toggle()
      #expect(decode(edges(frame), [known.format]) == .damaged(.parity(bits: format.bits)), "bit \(bit)")
    }
  }

  @Test(arguments: KnownFrame.all) func aLostOrAddedEdgeIsNeverACard(known: KnownFrame) throws {
    let format = try #require(WiegandFormat.named(known.format))
    let whole = edges(bits(known.frame, format.bits))
    let names = ["H10301", "H10306", "C1000-35", "H10304"]
    for place in whole.indices {
      var short = whole
      short.remove(at: place)
      if place > 0 && place < whole.count - 1 {
        #expect(decode(short, names)?.credential == nil, "edge \(place) lost")
      }
      #expect(decode(short, [known.format]) == .damaged(.length(bits: format.bits - 1)), "edge \(place) lost")
      var long = whole
      long.insert(Edge(line: UInt8(place % 2), at: whole[place].at + 500_000), at: place)
      #expect(decode(long, names)?.credential == nil, "edge \(place) added")
    }
  }

  @Test func fieldsThatDoNotFitAreRefused() throws {
    let format = try #require(WiegandFormat.named("H10301"))
    #expect(format.frame(facility: 256, number: 1) == nil)
    #expect(format.frame(facility: 1, number: 65_536) == nil)
    #expect(try #require(WiegandFormat.named("H10302")).frame(facility: 1, number: 1) == nil)
  }

  @Test func twoFormatsThatFitAreNotGuessed() throws {
    let format = try #require(WiegandFormat.named("H10304"))
    let frame = try #require(format.frame(facility: 5, number: 6))
    guard case .damaged(.ambiguous(let cards)) = decode(edges(frame), ["H10302", "H10304"]) else {
      Issue.record("a guess")
      return
    }
    #expect(cards.map(\.format) == ["H10302", "H10304"])
  }

  @Test func formatsOfOtherLengthsDoNotDisturb() throws {
    for known in KnownFrame.all where known.format != "H10302" {
      let bits = bits(known.frame, WiegandFormat.named(known.format)!.bits)
      let result = decode(edges(bits), ["H10301", "H10306", "H10304", "C1000-35"])
      #expect(result?.credential == "card:\(known.testDescription)")
    }
  }

  @Test func rawFramesAreTakenWhereTheyAreWanted() {
    let frame = bits(0xDEAD_BEEF, 32)
    #expect(decode(edges(frame), ["H10301"]) == .damaged(.length(bits: 32)))
    #expect(decode(edges(frame), ["H10301", "raw"])?.credential == "card:raw/32/DEADBEEF")
    #expect(decode(edges(bits(5, 30)), [])?.credential == "card:raw/30/00000005")
    // One of a known length must be that card.
    #expect(decode(edges(bits(0x2F623AF, 26)), ["H10301", "raw"]) == .damaged(.parity(bits: 26)))
    #expect(WiegandDecoder.Setting(names: ["H10399"]) == nil)
  }

  @Test func aBounceIsOnePulse() throws {
    let frame = bits(0x2F623AE, 26)
    var bouncing: [Edge] = []
    for edge in edges(frame) {
      bouncing.append(edge)
      bouncing.append(Edge(line: edge.line, at: edge.at + 30_000))
    }
    #expect(decode(bouncing, ["H10301"])?.credential == "card:H10301/123/4567")
  }

  @Test func pulsesOnBothLinesAtOnceAreCrosstalk() {
    var frame = edges(bits(0x2F623AE, 26))
    frame.insert(Edge(line: 1 - frame[9].line, at: frame[9].at + 20_000), at: 10)
    #expect(decode(frame, ["H10301"]) == .damaged(.crosstalk(bits: 27)))
  }

  @Test func aReportedLossVoidsTheFrame() {
    for place in [0, 13, 25] {
      var frame = edges(bits(0x2F623AE, 26))
      frame[place].lost = true
      #expect(decode(frame, ["H10301"]) == .damaged(.lostEdges(bits: 26)))
    }
  }

  @Test func anUnevenReaderIsReadWhereNothingElseFits() {
    var frame = edges(bits(0xF764DC, 34))
    for place in 17..<34 { frame[place].at += 900_000 }
    #expect(decode(frame, ["H10306", "H10301"])?.credential == "card:H10306/123/45678")
    #expect(decode(frame, ["H10306", "C1000-35"]) == .damaged(.uneven(bits: 34)))
  }

  @Test func edgesAreOrderedByTheirTime() {
    let frame = edges(bits(0x2F623AE, 26))
    let zerosFirst = frame.filter { $0.line == 0 } + frame.filter { $0.line == 1 }
    #expect(decode(zerosFirst, ["H10301"])?.credential == "card:H10301/123/4567")
  }

  @Test func quietEndsAFrame() {
    var decoder = WiegandDecoder(WiegandDecoder.Setting(names: ["H10301"], frameGap: 25_000_000)!)
    #expect(decoder.expiry == nil)
    let first = edges(bits(0x2F623AE, 26))
    for edge in first { #expect(decoder.take(edge) == nil) }
    let end = first.last!.at + 25_000_000
    #expect(decoder.expiry == end)
    #expect(decoder.expire(now: end - 1) == nil)
    // The first edge of the next swipe tells as well as the clock does.
    let second = edges(bits(0x2EC0C86, 26), from: end + 1_000_000)
    #expect(decoder.take(second[0])?.credential == "card:H10301/123/4567")
    for edge in second.dropFirst() { #expect(decoder.take(edge) == nil) }
    #expect(decoder.expire(now: second.last!.at + 25_000_000)?.credential == "card:H10301/118/1603")
    #expect(decoder.expire(now: .max) == nil)
  }

  @Test func twoFramesWithoutQuietBetweenAreNone() {
    let first = edges(bits(0x2F623AE, 26))
    let second = edges(bits(0x2EC0C86, 26), from: first.last!.at + 10_000_000)
    #expect(decode(first + second, ["H10301"]) == .damaged(.length(bits: 52)))
  }

  @Test func twoReadersDoNotMix() {
    var decoders = [0, 1].map { _ in WiegandDecoder(WiegandDecoder.Setting(names: ["H10301"])!) }
    let one = edges(bits(0x2F623AE, 26))
    let other = edges(bits(0x2EC0C86, 26), from: 1_000_400_000)
    for (left, right) in zip(one, other) {
      #expect(decoders[0].take(left) == nil)
      #expect(decoders[1].take(right) == nil)
    }
    #expect(decoders[0].expire(now: .max)?.credential == "card:H10301/123/4567")
    #expect(decoders[1].expire(now: .max)?.credential == "card:H10301/118/1603")
  }

  @Test func noiseIsBounded() {
    var decoder = WiegandDecoder(WiegandDecoder.Setting(names: [])!)
    for place in 0..<10_000 { #expect(decoder.take(Edge(line: 0, at: UInt64(place) * 1_000_000)) == nil) }
    #expect(decoder.expire(now: .max) == .damaged(.tooLong))
    for edge in edges(bits(0x2F623AE, 26)) { _ = decoder.take(edge) }
    #expect(decoder.expire(now: .max)?.credential == "card:raw/26/2F623AE", "the next frame is whole again")
  }

  /// Whatever comes, a card is only ever the one whose whole, unhurt frame was sent.
  @Test(arguments: [UInt64(1), 2, 3, 0xC0FFEE]) func fuzz(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    let formats = ["H10301", "H10306", "H10304", "C1000-35"]
    for round in 0..<3_000 {
      let format = WiegandFormat.named(formats[Int(random.next() % 4)])!
      let card = WiegandCard(
        format: format.name, facility: random.next() & (1 << UInt64(format.facility.count) - 1),
        number: random.next() & (1 << UInt64(format.number.count) - 1))
      var pulses = edges(format.frame(facility: card.facility, number: card.number)!)
      var mustFail = false
      switch random.next() % 5 {
      case 0: break
      case 1:
        // Not the first or the last: that leaves an even pace, and 35 bits become 34.
        pulses.remove(at: 1 + Int(random.next() % UInt64(pulses.count - 2)))
        mustFail = true
      case 2:
        pulses[Int(random.next() % UInt64(pulses.count))].lost = true
        mustFail = true
      case 3:
        let place = Int(random.next() % UInt64(pulses.count))
        pulses[place].line = 1 - pulses[place].line
        mustFail = true
      default:
        for place in stride(from: 0, to: pulses.count - 8, by: 8) {
          pulses[place..<place + 8].shuffle(using: &random)
        }
      }
      let result = decode(pulses, formats)
      if mustFail {
        #expect(result?.credential == nil, "seed \(seed), round \(round)")
      } else {
        #expect(result == .card(card), "seed \(seed), round \(round)")
      }
    }
  }

  @Test(arguments: [UInt64(7), 8]) func garbageNeverTraps(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    var decoder = WiegandDecoder(WiegandDecoder.Setting(names: ["H10301", "raw"])!)
    var results = 0
    for _ in 0..<100_000 {
      let edge = Edge(
        line: UInt8(random.next() % 2), at: random.next() >> (random.next() % 40), rising: false,
        lost: random.next() % 50 == 0)
      if decoder.take(edge) != nil { results += 1 }
      if random.next() % 20 == 0, decoder.expire(now: random.next()) != nil { results += 1 }
    }
    #expect(results > 0, "seed \(seed)")
  }
}
