/// A secure channel between a panel and one reader: keys for one session, and a chain of MACs over everything said in it.
///
/// SIA OSDP 2.2, annex D. The same value serves either end; `seal` and `open` say which direction they serve.
struct OSDPSession {
  private let encryption: BlockCipher
  private let firstMAC: BlockCipher
  private let lastMAC: BlockCipher
  private let panelNumber: [UInt8]
  private let readerNumber: [UInt8]
  /// The last MAC in each direction: the next one in the other direction is chained to it.
  private var commandMAC = [UInt8](repeating: 0, count: 16)
  private var replyMAC: [UInt8] = []

  /// Known to everybody: spoken only in an install window.
  static let defaultKey = [UInt8](0x30...0x3F)

  /// - Parameters:
  ///   - key: the reader's own, SCBK, 16 bytes.
  ///   - panelNumber: RND.A, 8 bytes.
  ///   - readerNumber: RND.B, 8 bytes.
  init(key: [UInt8], panelNumber: [UInt8], readerNumber: [UInt8]) {
    let base = BlockCipher(key: key)
    func derived(_ label: UInt8) -> BlockCipher {
      let seed = [0x01, label] + panelNumber.prefix(6) + [UInt8](repeating: 0, count: 8)
      return BlockCipher(key: base.encrypt(seed))
    }
    encryption = derived(0x82)
    firstMAC = derived(0x01)
    lastMAC = derived(0x02)
    self.panelNumber = panelNumber
    self.readerNumber = readerNumber
    replyMAC = lastMAC.encrypt(firstMAC.encrypt(serverCryptogram))
  }

  /// What only a reader with the key can say.
  var clientCryptogram: [UInt8] { encryption.encrypt(panelNumber + readerNumber) }

  /// What only a panel with the key can say.
  var serverCryptogram: [UInt8] { encryption.encrypt(readerNumber + panelNumber) }

  /// R-MAC-I: where the chain begins.
  var initialMAC: [UInt8] { replyMAC }

  /// The frame with its data encrypted and its MAC, ready to send.
  mutating func seal(_ frame: OSDPFrame) -> [UInt8] {
    var frame = frame
    let plain: (UInt8, UInt8) =
      frame.isReply
      ? (OSDPSecurity.reply, OSDPSecurity.encryptedReply)
      : (OSDPSecurity.command, OSDPSecurity.encryptedCommand)
    frame.security = [frame.data.isEmpty ? plain.0 : plain.1]
    if !frame.data.isEmpty {
      frame.data = encryption.encrypt(Self.padded(frame.data, always: true), vector: vector(frame.isReply))
    }
    let head = frame.head(macBytes: OSDPFrame.macBytes)
    chain(head, isReply: frame.isReply)
    let mac = (frame.isReply ? replyMAC : commandMAC).prefix(OSDPFrame.macBytes)
    return OSDPFrame.checked(head + mac, usesCRC: frame.usesCRC)
  }

  /// The frame with its MAC verified and taken away, and its data in clear. A frame that fails leaves the chain as it was.
  mutating func open(_ bytes: [UInt8]) throws(OSDPFault) -> OSDPFrame {
    var frame = try OSDPFrame(bytes)
    guard frame.isAuthenticated, frame.data.count >= OSDPFrame.macBytes else { throw .securityBlock }
    var next = self
    let end = bytes.count - OSDPFrame.macBytes - (frame.usesCRC ? 2 : 1)
    next.chain(Array(bytes[..<end]), isReply: frame.isReply)
    let expected = (frame.isReply ? next.replyMAC : next.commandMAC).prefix(OSDPFrame.macBytes)
    guard expected.elementsEqual(frame.data.suffix(OSDPFrame.macBytes)) else { throw .mac }
    frame.data.removeLast(OSDPFrame.macBytes)
    let type = frame.security?.first
    if type == OSDPSecurity.encryptedCommand || type == OSDPSecurity.encryptedReply, !frame.data.isEmpty {
      guard frame.data.count.isMultiple(of: BlockCipher.blockBytes) else { throw .padding }
      let clear = encryption.decrypt(frame.data, vector: vector(frame.isReply))
      guard let mark = clear.lastIndex(where: { $0 != 0 }), clear[mark] == 0x80 else { throw .padding }
      frame.data = Array(clear[..<mark])
    }
    self = next
    return frame
  }

  /// The inverse of the last MAC of the other direction.
  private func vector(_ isReply: Bool) -> [UInt8] {
    (isReply ? commandMAC : replyMAC).map { ~$0 }
  }

  private mutating func chain(_ bytes: [UInt8], isReply: Bool) {
    let blocks = Self.padded(bytes, always: false)
    var vector = isReply ? commandMAC : replyMAC
    let last = blocks.count - BlockCipher.blockBytes
    if last > 0 {
      vector = Array(firstMAC.encrypt(Array(blocks[..<last]), vector: vector).suffix(BlockCipher.blockBytes))
    }
    let mac = lastMAC.encrypt(Array(blocks[last...]), vector: vector)
    if isReply { replyMAC = mac } else { commandMAC = mac }
  }

  /// 0x80 and zeros up to whole blocks.
  private static func padded(_ bytes: [UInt8], always: Bool) -> [UInt8] {
    if !always, bytes.count.isMultiple(of: BlockCipher.blockBytes) { return bytes }
    let zeros = BlockCipher.blockBytes - 1 - bytes.count % BlockCipher.blockBytes
    return bytes + [0x80] + [UInt8](repeating: 0, count: zeros)
  }
}
