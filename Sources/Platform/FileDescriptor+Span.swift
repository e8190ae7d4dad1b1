import Glibc

/// Large content, straight between a file and the memory that it belongs in.
extension FileDescriptor {
  /// `read` until `room` is full; false where the file ends before.
  public func fill(_ room: inout MutableRawSpan) throws(SystemError) -> Bool {
    var offset = 0
    var failure: Int32 = 0
    let count = room.byteCount
    unsafe room.withUnsafeMutableBytes { bytes in
      while offset < count {
        let got = unsafe Glibc.read(raw, bytes.baseAddress! + offset, count - offset)
        if got < 0 && errno == EINTR { continue }
        if got < 0 { failure = errno }
        if got <= 0 { return }
        offset += got
      }
    }
    if failure != 0 { throw SystemError(call: "read", code: failure) }
    return offset == count
  }

  /// `write` until all is written, to a file.
  public func writeAll(_ bytes: RawSpan) throws(SystemError) {
    var failure: Int32 = 0
    unsafe bytes.withUnsafeBytes { bytes in
      var offset = 0
      while offset < bytes.count {
        let written = unsafe Glibc.write(raw, bytes.baseAddress! + offset, bytes.count - offset)
        if written < 0 && errno == EINTR { continue }
        if written <= 0 {
          failure = written < 0 ? errno : EIO
          return
        }
        offset += written
      }
    }
    if failure != 0 { throw SystemError(call: "write", code: failure) }
  }

  /// `fsync`.
  public func sync() throws(SystemError) {
    try checked("fsync") { Int(fsync(raw)) }
  }

  /// Bytes of the file: `lseek` to its end and back to its begin.
  public func fileBytes() throws(SystemError) -> Int {
    let end = try checked("lseek") { Int(lseek(raw, 0, SEEK_END)) }
    try checked("lseek") { Int(lseek(raw, 0, SEEK_SET)) }
    return end
  }
}
