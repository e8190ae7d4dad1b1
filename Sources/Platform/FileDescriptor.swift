import Glibc

/// An open descriptor that one owner has and that closes itself.
public struct FileDescriptor: ~Copyable, Sendable {
  public let raw: Int32

  /// Takes over `raw`; nobody else may close it.
  public init(owning raw: Int32) {
    precondition(raw >= 0, "a descriptor is never negative")
    self.raw = raw
  }

  deinit {
    _ = close(raw)
  }

  /// Gives the descriptor away, unclosed.
  public consuming func release() -> Int32 {
    let raw = self.raw
    discard self
    return raw
  }

  /// `open`.
  public static func open(path: String, flags: Int32, mode: UInt32 = 0o640) throws(SystemError)
    -> FileDescriptor
  {
    let raw = try checked("open \(path)") { Int(unsafe Glibc.open(path, flags | O_CLOEXEC, mode)) }
    return FileDescriptor(owning: Int32(raw))
  }

  /// `read`: what is there, at most `limit` bytes; empty at the end; nil where a non-blocking descriptor has nothing.
  public func read(limit: Int = 65_536) throws(SystemError) -> [UInt8]? {
    var failure: Int32 = 0
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
      var result: Int
      repeat { result = unsafe Glibc.read(raw, buffer.baseAddress, limit) } while result < 0 && errno == EINTR
      if result < 0 { failure = errno }
      count = max(0, result)
    }
    if failure == EAGAIN { return nil }
    if failure != 0 { throw SystemError(call: "read", code: failure) }
    return bytes
  }

  /// `write` until all is written. A non-blocking descriptor that is full for longer than `patience` milliseconds fails
  /// with EAGAIN: a peer that does not read must not hold the caller.
  public func writeAll(_ bytes: [UInt8], patience: Int32 = 1_000) throws(SystemError) {
    var offset = 0
    while offset < bytes.count {
      let written = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.write(raw, $0.baseAddress! + offset, bytes.count - offset)
      }
      if written >= 0 {
        offset += written
      } else if errno == EAGAIN {
        guard try Poll.wait(raw, for: .write, milliseconds: patience) else {
          throw SystemError(call: "write", code: EAGAIN)
        }
      } else if errno != EINTR {
        throw SystemError(call: "write", code: errno)
      }
    }
  }

  /// `fcntl` O_NONBLOCK.
  public func setNonBlocking(_ on: Bool) throws(SystemError) {
    let flags = try checked("fcntl F_GETFL") { Int(fcntl(raw, F_GETFL)) }
    let wanted = on ? Int32(flags) | O_NONBLOCK : Int32(flags) & ~O_NONBLOCK
    try checked("fcntl F_SETFL") { Int(fcntl(raw, F_SETFL, wanted)) }
  }
}
