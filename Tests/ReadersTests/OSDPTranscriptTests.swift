import Testing

@testable import Readers

/// A session as it went over the line with libosdp 3.2.9 as the reader: what another implementation said, and what it took.
@Suite struct OSDPTranscriptTests {
  /// The key of both ends: 00 01 02 … 0F.
  static let key = [UInt8](0x00...0x0F)
  /// RND.A of this session.
  static let panelNumber: [UInt8] = [0x26, 0xF2, 0xBB, 0x47, 0xB4, 0x91, 0x1D, 0x7D]

  /// Command, reply, command, reply, …
  static let lines = [
    "53050900046100c125",
    "538514000445bebafe0101afbeaddeaddead01b9",
    "530513000d0311017626f2bb47b4911d7d2468",
    "53852b000d03120176beba0100afbeadded764c8cce93255c4964696173f235a3186181974868d41563b0b",
    "53051b000e031301773efef95768371394714e5462a049475dd0ce",
    "53851b000e03140178e762a70497da42e73c2410ddaa3e7d6d3a45",
    "53050e000f021560bcb54497dd96",
    "53851e000f021850edfd8b3805753996d18d30f7ba847afc333937c820c8",
    "53051e000d0217693272950d3f1c1bccc174cd6cd92b0e0f5687296f7f54",
    "53850e000d021640aa08b0be5bbc",
    "53050e000e0215605f1fa028273e",
    "53850e000e02164030af794fe4b1",
    "53050e000f021560100115b18c68",
    "53850e000f021640417ba5fa96dc",
    "53050e000d0215602955845f808d",
    "53850e000d021640052545d6ce47",
    "53050e000e02156058d57c554c71",
    "53850e000e02164038d0d7a0aef2",
    "53050e000f021560f7f1bfea3247",
    "53850e000f0216406d4fbbc8e28b",
    "53050e000d02156003856d75f398",
    "53851e000d021853731c5fa1ec7c93bbdb59ae0036d036c8f8f193bde6c6",
  ]

  @Test func everyByteIsTheSame() throws {
    var panel = OSDPPanel(address: 5, key: Self.key, installUntil: 0, now: 0) { _ in Self.panelNumber }
    var events: [OSDPEvent] = []
    var now: UInt64 = 0
    for place in stride(from: 0, to: Self.lines.count, by: 2) {
      now = panel.due
      let command = panel.command(now: now)
      #expect(command.bytes == Self.bytes(Self.lines[place]), "command \(place / 2)")
      let heard = panel.take(Self.bytes(Self.lines[place + 1]), now: now)
      #expect(!panel.isWaiting, "reply \(place / 2)")
      if case .card? = heard.first { panel.show(granted: true) }
      events += heard
    }
    #expect(events == [.online(secure: true), .card("raw/26/048D15A"), .pin("1234")])
  }

  /// No bit of a reply may be changed on its way.
  @Test func aReplyThatWasTamperedWithIsNoReply() throws {
    for place in 4..<30 where place != 28 && place != 29 {
      var panel = OSDPPanel(address: 5, key: Self.key, installUntil: 0, now: 0) { _ in Self.panelNumber }
      for line in stride(from: 0, to: 6, by: 2) {
        _ = panel.command(now: panel.due)
        _ = panel.take(Self.bytes(Self.lines[line + 1]), now: panel.due)
      }
      _ = panel.command(now: panel.due)
      var card = Array(Self.bytes(Self.lines[7]).dropLast(2))
      guard place < card.count else { continue }
      card[place] ^= 0x10
      #expect(panel.take(OSDPFrame.checked(card, usesCRC: true), now: panel.due).isEmpty, "byte \(place)")
      #expect(panel.isWaiting)
      #expect(panel.take(Self.bytes(Self.lines[7]), now: panel.due) == [.card("raw/26/048D15A")])
      #expect(panel.take(Self.bytes(Self.lines[7]), now: panel.due).isEmpty, "the same again")
    }
  }

  static func bytes(_ hexadecimal: String) -> [UInt8] {
    var digits = hexadecimal[...]
    var bytes: [UInt8] = []
    while let byte = UInt8(digits.prefix(2), radix: 16) {
      bytes.append(byte)
      digits = digits.dropFirst(2)
    }
    return bytes
  }
}
