internal import CCrypto

/// SHA-256 (FIPS 180-4), by libcrypto.
public enum Digest {
  /// Bytes of a digest.
  public static var count: Int { 32 }

  /// The hash that stands before the first record of a chain.
  public static var zero: [UInt8] { [UInt8](repeating: 0, count: count) }

  /// `EVP_MD_fetch`, once: finding the algorithm takes longer than the digest of a record.
  nonisolated(unsafe) fileprivate static let algorithm: OpaquePointer = {
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

/// The hashes of records that follow one another, computed without a copy of their bytes.
@safe public struct ChainHashes: Sendable {
  /// One hash behind the other, ``Digest/count`` bytes each.
  public private(set) var bytes: [UInt8] = []
  private var last: [UInt8]
  private let context = DigestContext()

  /// - Parameters:
  ///   - previous: the hash before the first record.
  ///   - count: how many will follow.
  public init(after previous: [UInt8], expecting count: Int) {
    precondition(previous.count == Digest.count)
    last = previous
    bytes.reserveCapacity(count * Digest.count)
  }

  /// The hash of the record that was added at a place, from 0.
  public subscript(place: Int) -> ArraySlice<UInt8> {
    bytes[place * Digest.count..<(place + 1) * Digest.count]
  }

  public mutating func add(_ record: ArraySlice<UInt8>) {
    unsafe withUnsafeTemporaryAllocation(byteCount: 2 * Digest.count, alignment: 8) { both in
      unsafe record.withUnsafeBytes { unsafe context.write($0, to: both.baseAddress! + Digest.count) }
      unsafe chain(both)
    }
  }

  /// A record whose content was dropped and whose digest is known.
  public mutating func add(digest: [UInt8]) {
    precondition(digest.count == Digest.count)
    unsafe withUnsafeTemporaryAllocation(byteCount: 2 * Digest.count, alignment: 8) { both in
      unsafe UnsafeMutableRawBufferPointer(rebasing: both[Digest.count...]).copyBytes(from: digest)
      unsafe chain(both)
    }
  }

  /// - Parameter both: room for the hash before, and the record's digest.
  private mutating func chain(_ both: UnsafeMutableRawBufferPointer) {
    unsafe both.copyBytes(from: last)
    unsafe last.withUnsafeMutableBytes {
      unsafe context.write(UnsafeRawBufferPointer(both), to: $0.baseAddress!)
    }
    bytes += last
  }
}

/// One digest after the other, without the set-up of each.
@safe private final class DigestContext: @unchecked Sendable {
  private let context: OpaquePointer

  init() {
    guard let context = unsafe EVP_MD_CTX_new() else { fatalError("out of memory") }
    unsafe self.context = context
    precondition(unsafe EVP_DigestInit_ex2(context, Digest.algorithm, nil) == 1, "EVP_DigestInit_ex2 failed")
  }

  deinit {
    unsafe EVP_MD_CTX_free(context)
  }

  /// - Parameter output: room for ``Digest/count`` bytes.
  func write(_ bytes: UnsafeRawBufferPointer, to output: UnsafeMutableRawPointer) {
    let place = unsafe output.assumingMemoryBound(to: UInt8.self)
    let done =
      unsafe EVP_DigestUpdate(context, bytes.baseAddress, bytes.count) == 1
      && EVP_DigestFinal_ex(context, place, nil) == 1 && EVP_DigestInit_ex2(context, nil, nil) == 1
    precondition(done, "EVP_Digest… failed")
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

  public func add(_ bytes: [UInt8]) { add(bytes.span) }

  /// `EVP_DigestUpdate`.
  public func add(_ bytes: Span<UInt8>) {
    let done = unsafe bytes.withUnsafeBufferPointer {
      unsafe EVP_DigestUpdate(context, $0.baseAddress, $0.count)
    }
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
