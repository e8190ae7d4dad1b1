import Glibc

/// Memory that processes share: anonymous across `fork`, or a file that others map too.
///
/// The page is zeroed where it is new. Nothing in it is moved or freed before the value goes.
@safe public final class SharedMemory: @unchecked Sendable {
  public let base: UnsafeMutableRawPointer
  public let count: Int

  private init(base: UnsafeMutableRawPointer, count: Int) {
    unsafe self.base = base
    self.count = count
  }

  deinit {
    unsafe munmap(base, count)
  }

  /// `mmap` MAP_SHARED | MAP_ANONYMOUS: seen by this process and by those it forks.
  public static func anonymous(bytes count: Int) throws(SystemError) -> SharedMemory {
    try map(count, flags: MAP_SHARED | Int32(MAP_ANONYMOUS), descriptor: -1, call: "mmap anonymous")
  }

  /// `mmap` MAP_SHARED of a file that is made, or grown to `count` bytes, where needed.
  public static func file(path: String, bytes count: Int, mode: UInt32 = 0o660) throws(SystemError)
    -> SharedMemory
  {
    let descriptor = try FileDescriptor.open(path: path, flags: O_RDWR | O_CREAT, mode: mode)
    var status = stat()
    let raw = descriptor.raw
    try checked("fstat \(path)") { Int(unsafe fstat(raw, &status)) }
    if status.st_size < count {
      try checked("ftruncate \(path)") { Int(ftruncate(raw, count)) }
    }
    return try map(count, flags: MAP_SHARED, descriptor: raw, call: "mmap \(path)")
  }

  private static func map(
    _ count: Int, flags: Int32, descriptor: Int32, call: String
  ) throws(SystemError) -> SharedMemory {
    guard let base = unsafe mmap(nil, count, PROT_READ | PROT_WRITE, flags, descriptor, 0),
      unsafe base != MAP_FAILED
    else { throw SystemError(call: call, code: errno) }
    return unsafe SharedMemory(base: base, count: count)
  }
}
