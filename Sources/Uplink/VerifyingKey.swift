internal import CCrypto
public import Messages

/// HQ's public key: Ed25519 (RFC 8032), by libcrypto.
@safe public final class VerifyingKey {
  private let key: OpaquePointer

  /// - Parameter text: `ed25519:` and 32 bytes in base64; nil where it is not that.
  public init?(_ text: String) {
    guard text.hasPrefix("ed25519:"), let bytes = Base64.bytes(String(text.dropFirst(8))), bytes.count == 32,
      let key = unsafe bytes.withUnsafeBufferPointer({
        unsafe EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nil, $0.baseAddress, $0.count)
      })
    else { return nil }
    unsafe self.key = key
  }

  deinit {
    unsafe EVP_PKEY_free(key)
  }

  /// `EVP_DigestVerify`.
  public func isRight(_ envelope: SignedEnvelope) -> Bool {
    guard let context = unsafe EVP_MD_CTX_new() else { return false }
    defer { unsafe EVP_MD_CTX_free(context) }
    guard unsafe EVP_DigestVerifyInit(context, nil, nil, nil, key) == 1 else { return false }
    return unsafe envelope.signature.withUnsafeBufferPointer { signature in
      unsafe envelope.payload.withUnsafeBufferPointer { payload in
        unsafe EVP_DigestVerify(
          context, signature.baseAddress, signature.count, payload.baseAddress, payload.count) == 1
      }
    }
  }
}

/// Bytes nobody can guess: `RAND_bytes`.
enum RandomBytes {
  static func make(_ count: Int) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let done = unsafe bytes.withUnsafeMutableBufferPointer {
      unsafe RAND_bytes($0.baseAddress, Int32($0.count))
    }
    precondition(done == 1, "libcrypto has no randomness")
    return bytes
  }
}
