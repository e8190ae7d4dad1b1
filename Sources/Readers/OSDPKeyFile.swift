import Glibc
import Messages
import Platform

/// A file with one reader's key, SCBK, as 32 hexadecimal digits.
enum OSDPKeyFile {
  struct Fault: Error, CustomStringConvertible {
    var description: String
  }

  static func read(_ path: String) throws(Fault) -> [UInt8] {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(path, limit: 256)
    } catch {
      throw Fault(description: "\(error)")
    }
    let text = String(decoding: bytes, as: UTF8.self).filter { !$0.isWhitespace }
    guard let key = Hex.bytes(text), key.count == BlockCipher.blockBytes else {
      throw Fault(description: "\(path): a key is 32 hexadecimal digits")
    }
    return key
  }
}
