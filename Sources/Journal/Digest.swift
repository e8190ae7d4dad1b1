internal import CCrypto

/// SHA-256 (FIPS 180-4), by libcrypto.
public enum Digest {
  /// Bytes of a digest.
  public static var count: Int { 32 }

  /// The hash that stands before the first record of a chain.
  public static var zero: [UInt8] { [UInt8](repeating: 0, count: count) }

  /// `EVP_MD_fetch`, once: finding the algorithm takes longer than the digest of a record.
  nonisolated(unsafe) private static let algorithm: OpaquePointer = {
    guard let found = unsafe EVP_MD_fetch(nil, "SHA256", nil) else {
      fatalError("libcrypto without SHA-256 cannot be used")
    }
    return unsafe found
  }()

  /// `EVP_Digest`.
  public static func of(_ bytes: [UInt8]) -> [UInt8] {
    unsafe bytes.withUnsafeBytes { unsafe of($0) }
  }

  private static func of(_ bytes: UnsafeRawBufferPointer) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { output, filled in
      let done = unsafe EVP_Digest(bytes.baseAddress, bytes.count, output.baseAddress, nil, algorithm, nil)
      precondition(done == 1, "EVP_Digest failed")
      filled = count
    }
  }

  /// The chain's next hash: SHA-256 of the hash before and the record's digest.
  ///
  /// What a damaged file gives for a hash may have any length: it fits nothing.
  public static func chained(_ previous: [UInt8], _ digest: [UInt8]) -> [UInt8] {
    guard previous.count == count && digest.count == count else { return of(previous + digest) }
    return unsafe withUnsafeTemporaryAllocation(byteCount: 2 * count, alignment: 8) { both in
      unsafe both.copyBytes(from: previous)
      unsafe UnsafeMutableRawBufferPointer(rebasing: both[count...]).copyBytes(from: digest)
      return unsafe of(UnsafeRawBufferPointer(both))
    }
  }
}

/// SHA-256 of bytes that come piece by piece.
@safe public final class RunningDigest {
  private let context: OpaquePointer

  /// `EVP_DigestInit_ex`.
  public init() {
    guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
    unsafe self.context = context
    precondition(unsafe EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1, "libcrypto without SHA-256")
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  /// `EVP_DigestUpdate`.
  public func add(_ bytes: [UInt8]) {
    let done = unsafe bytes.withUnsafeBytes { unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count) }
    precondition(done == 1)
  }

  /// `EVP_DigestFinal_ex`; nothing can be added afterwards.
  public func finish() -> [UInt8] {
    var result = Digest.zero
    let done = unsafe result.withUnsafeMutableBufferPointer {
      unsafe EVP_DigestFinal_ex(context, $0.baseAddress, nil)
    }
    precondition(done == 1)
    return result
  }
}
