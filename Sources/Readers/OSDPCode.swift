/// What the panel asks (SIA OSDP 2.2, table of commands).
enum OSDPCommand {
  static let poll: UInt8 = 0x60
  static let identify: UInt8 = 0x61
  static let led: UInt8 = 0x69
  static let challenge: UInt8 = 0x76
  static let serverCryptogram: UInt8 = 0x77
}

/// What the reader replies.
enum OSDPReply {
  static let ack: UInt8 = 0x40
  static let nak: UInt8 = 0x41
  static let identity: UInt8 = 0x45
  static let raw: UInt8 = 0x50
  static let keypad: UInt8 = 0x53
  static let clientCryptogram: UInt8 = 0x76
  static let initialMAC: UInt8 = 0x78
  static let busy: UInt8 = 0x79
}

/// The type of a security block.
enum OSDPSecurity {
  static let challenge: UInt8 = 0x11
  static let clientCryptogram: UInt8 = 0x12
  static let serverCryptogram: UInt8 = 0x13
  static let initialMAC: UInt8 = 0x14
  static let command: UInt8 = 0x15
  static let reply: UInt8 = 0x16
  static let encryptedCommand: UInt8 = 0x17
  static let encryptedReply: UInt8 = 0x18
}
