/// The two ways an OSDP frame is checked.
enum OSDPChecksum {
  /// CRC-16 with polynomial 0x1021, begun with 0x1D0F; sent low byte first.
  static func crc(_ bytes: some Sequence<UInt8>) -> UInt16 {
    bytes.reduce(0x1D0F as UInt16) { crc, byte in
      (0..<8).reduce(crc ^ UInt16(byte) << 8) { value, _ in
        value & 0x8000 == 0 ? value << 1 : value << 1 ^ 0x1021
      }
    }
  }

  /// What makes the sum of all bytes 0.
  static func sum(_ bytes: some Sequence<UInt8>) -> UInt8 {
    ~bytes.reduce(0) { $0 &+ $1 } &+ 1
  }
}
