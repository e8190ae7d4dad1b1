import CCrypto

/// AES-128 on whole blocks, by libcrypto.
struct BlockCipher {
  static let blockBytes = 16
  private let key: [UInt8]

  /// - Parameter key: 16 bytes.
  init(key: [UInt8]) {
    precondition(key.count == Self.blockBytes, "an AES-128 key has 16 bytes")
    self.key = key
  }

  func encrypt(_ blocks: [UInt8]) -> [UInt8] { run(blocks, encrypting: true) }

  /// CBC, encrypting; the chain begins with `vector`.
  func encrypt(_ blocks: [UInt8], vector: [UInt8]) -> [UInt8] {
    var previous = vector
    var result: [UInt8] = []
    for place in stride(from: 0, to: blocks.count, by: Self.blockBytes) {
      previous = encrypt(Self.xor(blocks[place..<(place + Self.blockBytes)], previous))
      result += previous
    }
    return result
  }

  /// CBC, decrypting.
  func decrypt(_ blocks: [UInt8], vector: [UInt8]) -> [UInt8] {
    let chain = vector + blocks.dropLast(Self.blockBytes)
    return Self.xor(run(blocks, encrypting: false)[...], chain)
  }

  private static func xor(_ left: ArraySlice<UInt8>, _ right: [UInt8]) -> [UInt8] {
    zip(left, right).map { $0 ^ $1 }
  }

  /// `EVP_CipherUpdate` with EVP_aes_128_ecb, no padding. A failure is a broken libcrypto: it traps.
  private func run(_ blocks: [UInt8], encrypting: Bool) -> [UInt8] {
    precondition(blocks.count.isMultiple(of: Self.blockBytes), "only whole blocks")
    let context = unsafe EVP_CIPHER_CTX_new()
    defer { unsafe EVP_CIPHER_CTX_free(context) }
    var result = [UInt8](repeating: 0, count: blocks.count + Self.blockBytes)
    var count: Int32 = 0
    let begun = unsafe EVP_CipherInit_ex(context, EVP_aes_128_ecb(), nil, key, nil, encrypting ? 1 : 0)
    _ = unsafe EVP_CIPHER_CTX_set_padding(context, 0)
    let done = unsafe EVP_CipherUpdate(context, &result, &count, blocks, Int32(blocks.count))
    precondition(begun == 1 && done == 1 && Int(count) == blocks.count, "libcrypto refused AES-128")
    return Array(result[..<blocks.count])
  }
}

enum SecureRandom {
  /// `RAND_bytes`.
  static func bytes(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let done = unsafe RAND_bytes(&bytes, Int32(count))
    precondition(done == 1, "libcrypto has no random bytes")
    return bytes
  }
}
