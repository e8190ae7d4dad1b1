import Testing

@testable import Readers

/// The panel against a reader on a clock of their own: milliseconds pass only where the test says so.
@Suite struct OSDPPanelTests {
  static let key = [UInt8](repeating: 0x42, count: 16)

  struct Line {
    var panel: OSDPPanel
    var peer: OSDPPeer
    var now: UInt64 = 0
    var events: [OSDPEvent] = []
    var sent: [[UInt8]] = []

    init(panelKey: [UInt8]?, peerKey: [UInt8]?, installUntil: UInt64 = 0) {
      panel = OSDPPanel(address: 5, key: panelKey, installUntil: installUntil, now: 0)
      peer = OSDPPeer(address: 5, key: peerKey)
    }

    /// Runs until `end`; where `heard` says no, the reader's reply is lost.
    mutating func run(until end: UInt64, heard: (Int) -> Bool = { _ in true }) {
      while now < end {
        let command = panel.command(now: now)
        events += command.events
        guard let bytes = command.bytes else {
          now += 10
          continue
        }
        sent.append(bytes)
        let reply = peer.reply(to: bytes)
        if let reply, heard(sent.count) {
          now += 5
          events += panel.take(reply, now: now)
        }
        if panel.isWaiting {
          now += ReadersLimits.replyMilliseconds
          events += panel.silence(now: now)
        }
      }
    }
  }

  @Test func aSecureReaderIsPolledAndItsCardsAreTaken() {
    var line = Line(panelKey: Self.key, peerKey: Self.key)
    line.run(until: 1_000)
    line.peer.showCard(bits: 26, [0x12, 0x34, 0x56, 0x80])
    line.peer.typeKeys("12")
    line.peer.typeKeys("34\r")
    line.run(until: 2_000)
    #expect(line.events == [.online(secure: true), .card("raw/26/048D15A"), .pin("1234")])
    #expect((25...40).contains(line.peer.polls), "\(line.peer.polls) polls in two seconds")
    line.panel.show(granted: false)
    line.run(until: 2_200)
    #expect(line.peer.commands.map(\.code) == [OSDPCommand.led])
    // Red, on and off.
    #expect(line.peer.commands.first?.data[5] == 1)
  }

  @Test func nothingIsSaidInPlainTextWithoutAWindow() {
    for key in [nil, OSDPSession.defaultKey] {
      var line = Line(panelKey: key, peerKey: key)
      line.run(until: 5_000)
      #expect(line.sent.isEmpty)
      #expect(line.events.count == 1)
      guard case .refused? = line.events.first else {
        Issue.record("not refused: \(line.events)")
        continue
      }
    }
  }

  @Test func theInstallWindowClosesItself() {
    var line = Line(panelKey: nil, peerKey: nil, installUntil: 3_000)
    line.run(until: 2_000)
    line.peer.showCard(bits: 32, [1, 2, 3, 4])
    line.run(until: 2_500)
    #expect(line.events == [.online(secure: false), .card("raw/32/01020304")])
    line.run(until: 3_000)
    let sent = line.sent.count
    line.peer.showCard(bits: 32, [1, 2, 3, 4])
    line.run(until: 20_000)
    #expect(line.sent.count == sent)
    #expect(line.events.count == 3)
  }

  @Test func theDefaultKeyIsSpokenInTheWindowOnly() {
    var line = Line(panelKey: OSDPSession.defaultKey, peerKey: OSDPSession.defaultKey, installUntil: 1_000)
    line.run(until: 900)
    #expect(line.events == [.online(secure: true)])
    line.run(until: 3_000)
    #expect(line.events.count == 2)
  }

  @Test func aReaderWithAnotherKeyIsRefused() {
    var line = Line(panelKey: Self.key, peerKey: [UInt8](repeating: 7, count: 16))
    line.peer.showCard(bits: 32, [1, 2, 3, 4])
    line.run(until: 5_000)
    #expect(line.events.contains(.refused("it does not know the key in its key_file")))
    #expect(!line.events.contains(.card("raw/32/01020304")))
    #expect(!line.events.contains(.online(secure: true)))
  }

  @Test func aReaderThatCannotBeSecureIsNotSpokenToInPlainText() {
    var line = Line(panelKey: Self.key, peerKey: nil)
    line.peer.showCard(bits: 32, [1, 2, 3, 4])
    line.run(until: 5_000)
    #expect(line.events.allSatisfy { $0 == .refused("it does not take the secure channel") })
    #expect(line.peer.polls == 0)
  }

  @Test func aRetryIsTheSameFrameAndTheCardComesOnce() {
    var line = Line(panelKey: Self.key, peerKey: Self.key)
    line.run(until: 1_000)
    line.peer.showCard(bits: 32, [1, 2, 3, 4])
    let start = line.sent.count
    line.run(until: 3_000) { $0 != start + 1 && $0 != start + 2 }
    #expect(line.sent[start] == line.sent[start + 1])
    #expect(line.sent[start] == line.sent[start + 2])
    #expect(line.events == [.online(secure: true), .card("raw/32/01020304")])
  }

  @Test(arguments: [true, false]) func aReaderBackFromARebootIsServedWithinTwoSeconds(secure: Bool) {
    let key = secure ? Self.key : nil
    var line = Line(panelKey: key, peerKey: key, installUntil: secure ? 0 : 100_000)
    line.run(until: 3_000)
    line.peer.reboot()
    line.peer.showCard(bits: 32, [1, 2, 3, 4])
    line.run(until: 5_000)
    #expect(line.events.last == .card("raw/32/01020304"))
    line.run(until: 15_000) { _ in false }
    line.peer.reboot()
    line.peer.showCard(bits: 32, [5, 6, 7, 8])
    line.run(until: 17_000)
    #expect(line.events.suffix(3) == [.offline, .online(secure: secure), .card("raw/32/05060708")])
  }

  @Test func silenceIsOfflineAfterEightSecondsAndToldOnce() {
    var line = Line(panelKey: Self.key, peerKey: Self.key)
    line.run(until: 1_000)
    line.run(until: 8_000) { _ in false }
    #expect(line.events == [.online(secure: true)])
    line.run(until: 60_000) { _ in false }
    #expect(line.events == [.online(secure: true), .offline])
    // It was asked all the time, and never in a storm.
    #expect((50...150).contains(line.sent.count), "\(line.sent.count)")
  }

  @Test func aLateReplyIsNotTheNextOnes() throws {
    var panel = OSDPPanel(address: 5, key: nil, installUntil: 100_000, now: 0)
    var peer = OSDPPeer(address: 5, key: nil)
    let first = panel.command(now: 0).bytes ?? []
    let late = peer.reply(to: first) ?? []
    #expect(panel.take(late, now: 5) == [.online(secure: false)])
    let due = panel.due
    let second = panel.command(now: due).bytes ?? []
    var events = panel.take(late, now: 60)
    #expect(events.isEmpty && panel.isWaiting)
    let other = OSDPFrame(address: 6, isReply: true, sequence: 1, code: 0x40).encoded()
    events = panel.take(other, now: 60)
    #expect(events.isEmpty && panel.isWaiting)
    events = panel.take(peer.reply(to: second) ?? [], now: 60)
    #expect(events.isEmpty && !panel.isWaiting)
  }

  @Test func aBusyReaderIsAskedTheSameLater() {
    var panel = OSDPPanel(address: 5, key: nil, installUntil: 100_000, now: 0)
    let first = panel.command(now: 0).bytes
    let busy = OSDPFrame(address: 5, isReply: true, sequence: 0, code: OSDPReply.busy).encoded()
    #expect(panel.take(busy, now: 5).isEmpty)
    #expect(panel.command(now: 6).bytes == nil)
    let due = panel.due
    #expect(panel.command(now: due).bytes == first)
    #expect(first != nil)
    // It is not believed for ever.
    #expect(panel.take(busy, now: 8_000) == [.offline])
  }

  @Test(
    arguments: [
      [], [0], [0, 1, 26], [0, 1, 26, 0, 1, 2], [0, 1, 0, 0, 1], [0, 1, 0xFF, 0xFF, 1, 2, 3],
    ] as [[UInt8]]) func aCardOfTheWrongLengthIsNoCard(data: [UInt8])
  {
    var line = Line(panelKey: nil, peerKey: nil, installUntil: 100_000)
    line.run(until: 500)
    line.peer.waiting.append((OSDPReply.raw, data))
    line.run(until: 1_000)
    #expect(line.events == [.online(secure: false), .damagedCard])
  }
}
