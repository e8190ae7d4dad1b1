import Glibc

extension Files {
  /// `rename`, then `fsync` of the directory: after a power loss the name stands for the old file or for the new one.
  public static func move(_ path: String, to other: String) throws(SystemError) {
    try checked("rename \(path)") { Int(unsafe rename(path, other)) }
    try syncDirectory(of: other)
  }

  /// `fsync` of the directory that holds `path`, so that a name made or changed in it lasts.
  public static func syncDirectory(of path: String) throws(SystemError) {
    let end = path.lastIndex(of: "/")
    let directory = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    let file = try FileDescriptor.open(path: directory, flags: O_RDONLY | O_DIRECTORY)
    let raw = file.raw
    try checked("fsync \(directory)") { Int(fsync(raw)) }
  }

  /// The size in bytes; nil where there is no such file.
  public static func size(_ path: String) -> Int64? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : nil
  }
}

/// Which file a path stands for, whatever it is called: `stat`.
public struct FileIdentity: Equatable, Sendable {
  public var device: UInt64
  public var number: UInt64

  /// Nil where there is none.
  public init?(path: String) {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { return nil }
    device = UInt64(status.st_dev)
    number = UInt64(status.st_ino)
  }
}

/// A lock that one process holds on a file until it lets go or dies: `flock`.
public struct FileLock: ~Copyable, Sendable {
  private let file: FileDescriptor

  /// - Throws: ``SystemError``; EWOULDBLOCK where another process holds it.
  public init(path: String) throws(SystemError) {
    let opened = try FileDescriptor.open(path: path, flags: O_RDWR | O_CREAT)
    let raw = opened.raw
    try checked("flock \(path)") { Int(flock(raw, LOCK_EX | LOCK_NB)) }
    file = opened
  }
}
