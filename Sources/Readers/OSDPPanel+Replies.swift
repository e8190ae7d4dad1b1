extension OSDPPanel {
  /// What a reply means in the state that the command was sent in.
  mutating func understand(_ frame: OSDPFrame, now: UInt64) -> [OSDPEvent] {
    if frame.code == OSDPReply.nak { return refused(frame, now: now) }
    switch state {
    case .idle: return []
    case .identifying:
      guard frame.code == OSDPReply.identity else { return refused(frame, now: now) }
      return key == nil ? becomeOnline() : []
    case .challenging(let panelNumber): return authenticate(frame, panelNumber: panelNumber, now: now)
    case .authenticating:
      guard frame.code == OSDPReply.initialMAC, frame.security?.first == OSDPSecurity.initialMAC,
        frame.data == session?.initialMAC
      else { return refused(frame, now: now) }
      return becomeOnline()
    case .online: return heard(frame, now: now)
    }
  }

  private mutating func authenticate(_ frame: OSDPFrame, panelNumber: [UInt8], now: UInt64) -> [OSDPEvent] {
    // The reader's name, its random number, and the cryptogram.
    guard let key, frame.code == OSDPReply.clientCryptogram,
      frame.security?.first == OSDPSecurity.clientCryptogram,
      frame.data.count == 32
    else { return refused(frame, now: now) }
    let session = OSDPSession(key: key, panelNumber: panelNumber, readerNumber: Array(frame.data[8..<16]))
    guard session.clientCryptogram == Array(frame.data[16...]) else {
      beginAgain(now: now)
      return [.refused("it does not know the key in its key_file")]
    }
    self.session = session
    state = .authenticating
    return []
  }

  /// A NAK, or a reply that does not belong to the command.
  private mutating func refused(_ frame: OSDPFrame, now: UInt64) -> [OSDPEvent] {
    // 4: wrong sequence number; 5, 6: security it does not take or asks for. It has lost the session.
    let lostSession: ClosedRange<UInt8> = 4...6
    if state == .online, let reason = frame.data.first, !lostSession.contains(reason) { return [] }
    let handshake = state != .online && state != .identifying
    beginAgain(now: now)
    return handshake ? [.refused("it does not take the secure channel")] : []
  }

  private mutating func heard(_ frame: OSDPFrame, now: UInt64) -> [OSDPEvent] {
    switch frame.code {
    case OSDPReply.raw:
      // Reader, format, count of bits in two bytes, bits.
      guard frame.data.count >= 5,
        let card = CardBits(
          count: Int(frame.data[2]) | Int(frame.data[3]) << 8, bytes: Array(frame.data[4...]))
      else { return [.damagedCard] }
      return [.card(card.text)]
    case OSDPReply.keypad:
      // Reader, count of keys, keys.
      guard frame.data.count >= 2, frame.data.count == Int(frame.data[1]) + 2 else { return [] }
      return pin.take(Array(frame.data[2...]), now: now).map { [.pin($0)] } ?? []
    default: return []
    }
  }

  /// Shows the person what was decided: two seconds of green or red (osdp_LED, temporary).
  mutating func show(granted: Bool) {
    guard state == .online, wanted.isEmpty else { return }
    let colour: UInt8 = granted ? 2 : 1
    // Reader 0, lamp 0; set temporarily: 500 ms on, none off, for 20 times 100 ms; the permanent state is left alone.
    let data: [UInt8] = [0, 0, 2, 5, 0, colour, colour, 20, 0, 0, 0, 0, 0, 0]
    wanted.append(OSDPFrame(address: address, sequence: 0, code: OSDPCommand.led, data: data))
  }
}
