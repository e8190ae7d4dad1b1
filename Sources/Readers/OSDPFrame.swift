/// Why bytes are no frame, or a frame not the one that was waited for.
enum OSDPFault: Error, Equatable {
  case length
  case check
  case securityBlock
  case mac
  case padding
  case key
}

/// One command or reply of OSDP, without the marks between frames.
struct OSDPFrame: Equatable {
  /// 0 to 126; 127 is everybody.
  var address: UInt8
  var isReply = false
  /// 0 begins a session; then 1, 2, 3, 1, …
  var sequence: UInt8
  var usesCRC = true
  /// Type and data of the security block.
  var security: [UInt8]?
  var code: UInt8
  var data: [UInt8] = []

  static let start: UInt8 = 0x53
  private static let crcBit: UInt8 = 0x04
  private static let securityBit: UInt8 = 0x08
  static let macBytes = 4

  /// The bytes up to where a MAC or the check follows; the length counts those too.
  func head(macBytes: Int = 0) -> [UInt8] {
    let block = security.map { [UInt8($0.count + 1)] + $0 } ?? []
    let count = 6 + block.count + data.count + macBytes + (usesCRC ? 2 : 1)
    precondition(count <= ReadersLimits.frameBytes, "a frame of ours fits its own limit")
    let control = sequence & 3 | (usesCRC ? Self.crcBit : 0) | (security == nil ? 0 : Self.securityBit)
    return [Self.start, address | (isReply ? 0x80 : 0), UInt8(count & 0xFF), UInt8(count >> 8), control]
      + block + [code] + data
  }

  static func checked(_ bytes: [UInt8], usesCRC: Bool) -> [UInt8] {
    guard usesCRC else { return bytes + [OSDPChecksum.sum(bytes)] }
    let crc = OSDPChecksum.crc(bytes)
    return bytes + [UInt8(crc & 0xFF), UInt8(crc >> 8)]
  }

  func encoded() -> [UInt8] { Self.checked(head(), usesCRC: usesCRC) }

  /// Whether the security block says that a MAC follows the data.
  var isAuthenticated: Bool { security?.first.map { $0 >= OSDPSecurity.command } ?? false }

  /// Reads a whole frame; its MAC, where it has one, stays at the end of `data`.
  init(_ bytes: [UInt8]) throws(OSDPFault) {
    guard bytes.count >= 7, bytes[0] == Self.start, Int(bytes[2]) | Int(bytes[3]) << 8 == bytes.count else {
      throw .length
    }
    usesCRC = bytes[4] & Self.crcBit != 0
    let end = bytes.count - (usesCRC ? 2 : 1)
    guard Self.checked(Array(bytes[..<end]), usesCRC: usesCRC) == bytes else { throw .check }
    address = bytes[1] & 0x7F
    isReply = bytes[1] & 0x80 != 0
    sequence = bytes[4] & 3
    var place = 5
    if bytes[4] & Self.securityBit != 0 {
      let count = Int(bytes[5])
      guard count >= 2, place + count < end else { throw .securityBlock }
      security = Array(bytes[(place + 1)..<(place + count)])
      place += count
    }
    guard place < end else { throw .length }
    code = bytes[place]
    data = Array(bytes[(place + 1)..<end])
  }

  init(
    address: UInt8, isReply: Bool = false, sequence: UInt8, usesCRC: Bool = true, security: [UInt8]? = nil,
    code: UInt8, data: [UInt8] = []
  ) {
    self.address = address
    self.isReply = isReply
    self.sequence = sequence
    self.usesCRC = usesCRC
    self.security = security
    self.code = code
    self.data = data
  }
}
