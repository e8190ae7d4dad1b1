import Platform

/// Bytes that the calling thread has caused to be written to a disk: `write_bytes` of /proc/thread-self/io.
enum DiskWrites {
  /// Nil where the kernel does not count.
  static func ofThisThread() -> Int64? {
    guard let bytes = try? Files.read("/proc/thread-self/io", limit: 4_096) else { return nil }
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n")
    where line.hasPrefix("write_bytes: ") {
      return Int64(line.dropFirst(13))
    }
    return nil
  }
}
