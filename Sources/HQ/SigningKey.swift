internal import CCrypto
public import Messages
import Platform

/// HQ's private key: Ed25519 (RFC 8032), PKCS #8 in PEM, by libcrypto.
@safe public final class SigningKey {
  /// A key that could not be made or read.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    public var description: String
  }

  private let key: OpaquePointer

  private init(owning key: OpaquePointer) {
    unsafe self.key = unsafe key
  }

  deinit {
    unsafe EVP_PKEY_free(key)
  }

  /// `EVP_PKEY_keygen`
  public static func generate() -> SigningKey {
    guard let context = unsafe EVP_PKEY_CTX_new_id(EVP_PKEY_ED25519, nil) else {
      fatalError("libcrypto: no Ed25519")
    }
    defer { unsafe EVP_PKEY_CTX_free(context) }
    var made: OpaquePointer?
    guard unsafe EVP_PKEY_keygen_init(context) == 1, unsafe EVP_PKEY_keygen(context, &made) == 1,
      let key = unsafe made
    else { fatalError("libcrypto made no Ed25519 key") }
    return unsafe SigningKey(owning: key)
  }

  /// - Throws: ``Fault`` where the file cannot be read or is no Ed25519 key.
  public static func read(_ path: String) throws(Fault) -> SigningKey {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try Files.read(path, limit: 16_384) } catch {
      throw Fault(description: "\(error); make a key with 'gatehouse-hq keygen FILE'")
    }
    let key = unsafe bytes.withUnsafeBytes { buffer -> OpaquePointer? in
      guard let memory = unsafe BIO_new_mem_buf(buffer.baseAddress, Int32(buffer.count)) else { return nil }
      defer { unsafe BIO_free(memory) }
      return unsafe PEM_read_bio_PrivateKey(memory, nil, nil, nil)
    }
    guard let key = unsafe key else { throw Fault(description: "\(path): not a private key in PEM") }
    let signing = unsafe SigningKey(owning: key)
    guard unsafe EVP_PKEY_get_id(key) == EVP_PKEY_ED25519 else {
      throw Fault(description: "\(path): not an Ed25519 key")
    }
    return signing
  }

  /// PKCS #8 in PEM, unencrypted: `PEM_write_bio_PrivateKey`.
  public func pem() -> [UInt8] {
    guard let memory = unsafe BIO_new(BIO_s_mem()) else { fatalError("out of memory") }
    defer { unsafe BIO_free(memory) }
    precondition(unsafe PEM_write_bio_PrivateKey(memory, key, nil, nil, 0, nil, nil) == 1)
    return unsafe [UInt8](unsafeUninitializedCapacity: 1_024) { buffer, count in
      count = Int(max(0, unsafe BIO_read(memory, buffer.baseAddress, Int32(buffer.count))))
    }
  }

  /// `ed25519:BASE64`, as the site file's `hq_public_key` wants it.
  public var publicKey: String {
    var bytes = [UInt8](repeating: 0, count: 32)
    var count = bytes.count
    precondition(
      unsafe bytes.withUnsafeMutableBufferPointer {
        unsafe EVP_PKEY_get_raw_public_key(key, $0.baseAddress, &count)
      } == 1
        && count == 32)
    return "ed25519:\(Base64.text(bytes))"
  }

  /// `EVP_DigestSign`
  public func sign(_ payload: [UInt8]) -> SignedEnvelope {
    guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
    defer { unsafe EVP_MD_CTX_free(context) }
    var signature = [UInt8](repeating: 0, count: 64)
    var count = signature.count
    precondition(unsafe EVP_DigestSignInit(context, nil, nil, nil, key) == 1)
    let done = unsafe signature.withUnsafeMutableBufferPointer { output in
      unsafe payload.withUnsafeBufferPointer { input in
        unsafe EVP_DigestSign(context, output.baseAddress, &count, input.baseAddress, input.count)
      }
    }
    precondition(done == 1 && count == 64)
    return SignedEnvelope(signature: signature, payload: payload)
  }
}
