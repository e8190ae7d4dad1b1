@testable import Readers

/// A reader on the other end of an OSDP line, as far as a panel can tell.
struct OSDPPeer {
  let address: UInt8
  let key: [UInt8]?
  /// Events that wait for the next poll.
  var waiting: [(code: UInt8, data: [UInt8])] = []
  /// Commands other than polls, in clear.
  private(set) var commands: [OSDPFrame] = []
  private(set) var polls = 0
  private var session: OSDPSession?
  private var proven = false
  private var sequence: UInt8?
  private var last: (command: [UInt8], reply: [UInt8])?

  init(address: UInt8, key: [UInt8]?) {
    self.address = address
    self.key = key
  }

  mutating func showCard(bits: Int, _ bytes: [UInt8]) {
    waiting.append((OSDPReply.raw, [0, 1, UInt8(bits & 0xFF), UInt8(bits >> 8)] + bytes))
  }

  mutating func typeKeys(_ keys: String) {
    waiting.append((OSDPReply.keypad, [0, UInt8(keys.utf8.count)] + keys.utf8))
  }

  /// Off and on again: everything forgotten but the key.
  mutating func reboot() {
    self = OSDPPeer(address: address, key: key)
  }

  /// The reply to a command; nil where it is not for this reader or cannot be read.
  mutating func reply(to bytes: [UInt8]) -> [UInt8]? {
    guard var frame = try? OSDPFrame(bytes), !frame.isReply, frame.address == address else { return nil }
    // The panel did not hear the last reply and sends the same again.
    if let last, last.command == bytes { return last.reply }
    if frame.sequence == 0 {
      session = nil
      proven = false
    } else if sequence == nil || frame.sequence != sequence! % 3 + 1 {
      return nak(4, frame)
    }
    sequence = frame.sequence
    let secured = frame.isAuthenticated
    if secured {
      guard proven, let opened = try? session?.open(bytes) else { return nak(6, frame) }
      frame = opened
    } else if key != nil, frame.code != OSDPCommand.identify, frame.security == nil {
      return nak(6, frame)
    }
    let reply = answer(frame, secured: secured)
    last = (bytes, reply)
    return reply
  }

  private mutating func answer(_ frame: OSDPFrame, secured: Bool) -> [UInt8] {
    var reply = OSDPFrame(address: address, isReply: true, sequence: frame.sequence, code: OSDPReply.ack)
    switch frame.code {
    case OSDPCommand.identify:
      reply.code = OSDPReply.identity
      reply.data = [UInt8](repeating: 0xAB, count: 12)
    case OSDPCommand.challenge:
      guard let key else { return nak(5, frame) }
      let number = [UInt8](repeating: 0x5A, count: 8)
      session = OSDPSession(key: key, panelNumber: frame.data, readerNumber: number)
      reply.code = OSDPReply.clientCryptogram
      reply.security = [OSDPSecurity.clientCryptogram, 1]
      reply.data = [UInt8](repeating: 1, count: 8) + number + session!.clientCryptogram
    case OSDPCommand.serverCryptogram:
      guard let session, frame.data == session.serverCryptogram else { return nak(6, frame) }
      proven = true
      reply.code = OSDPReply.initialMAC
      reply.security = [OSDPSecurity.initialMAC, 1]
      reply.data = session.initialMAC
    case OSDPCommand.poll:
      polls += 1
      if !waiting.isEmpty { (reply.code, reply.data) = waiting.removeFirst() }
    default: commands.append(frame)
    }
    return secured ? session!.seal(reply) : reply.encoded()
  }

  private func nak(_ reason: UInt8, _ frame: OSDPFrame) -> [UInt8] {
    OSDPFrame(
      address: address, isReply: true, sequence: frame.sequence, code: OSDPReply.nak, data: [reason]
    ).encoded()
  }
}
