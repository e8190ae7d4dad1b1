import Glibc

/// Whole small files.
public enum Files {
  /// - Throws: ``SystemError``; EFBIG where the file is larger than `limit` bytes.
  public static func read(_ path: String, limit: Int = 1 << 20) throws(SystemError) -> [UInt8] {
    let file = try FileDescriptor.open(path: path, flags: O_RDONLY)
    var bytes: [UInt8] = []
    while let part = try file.read(), !part.isEmpty {
      bytes += part
      if bytes.count > limit { throw SystemError(call: "read \(path)", code: EFBIG) }
    }
    return bytes
  }

  /// Written aside, `fsync`ed and renamed: at every moment the path holds the old or the new content, whole.
  public static func write(_ bytes: [UInt8], to path: String, mode: UInt32 = 0o640) throws(SystemError) {
    let aside = path + ".new"
    do {
      let file = try FileDescriptor.open(path: aside, flags: O_WRONLY | O_CREAT | O_TRUNC, mode: mode)
      try file.writeAll(bytes)
      let raw = file.raw
      try checked("fsync \(aside)") { Int(fsync(raw)) }
    }
    try checked("rename \(aside)") { Int(unsafe rename(aside, path)) }
  }

  public static func exists(_ path: String) -> Bool {
    unsafe access(path, F_OK) == 0
  }

  /// `mkdir` for the path and its parents; one that is there is fine.
  public static func makeDirectory(_ path: String, mode: UInt32 = 0o750) throws(SystemError) {
    var made = path.hasPrefix("/") ? "/" : ""
    for part in path.split(separator: "/") {
      made += (made.isEmpty || made == "/" ? "" : "/") + part
      if unsafe mkdir(made, mode) != 0, errno != EEXIST {
        throw SystemError(call: "mkdir \(made)", code: errno)
      }
    }
  }

  /// Names in a directory, sorted, without `.` and `..`.
  public static func list(_ path: String) throws(SystemError) -> [String] {
    guard let directory = unsafe opendir(path) else {
      throw SystemError(call: "opendir \(path)", code: errno)
    }
    defer { _ = unsafe closedir(directory) }
    var names: [String] = []
    while let entry = unsafe readdir(directory) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Removes a file, or a directory with all in it; links are not followed.
  public static func remove(_ path: String) {
    var status = stat()
    guard unsafe lstat(path, &status) == 0 else { return }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      _ = unsafe unlink(path)
      return
    }
    for name in (try? list(path)) ?? [] { remove("\(path)/\(name)") }
    _ = unsafe rmdir(path)
  }

  /// The path of the running program: `/proc/self/exe`.
  public static func ownProgram() throws(SystemError) -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = try checked("readlink /proc/self/exe") { unsafe readlink("/proc/self/exe", &buffer, 4095) }
    return String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}

/// A directory of its own that goes with its owner.
public final class TemporaryDirectory: Sendable {
  public let path: String

  /// `mkdtemp` in `parent`; without one in TMPDIR, or `/tmp`.
  public init(prefix: String = "gatehouse", in parent: String? = nil) throws(SystemError) {
    let usual = unsafe getenv("TMPDIR").map { unsafe String(cString: $0) } ?? "/tmp"
    let root = parent ?? usual
    var template = Array("\(root)/\(prefix).XXXXXX".utf8CString)
    let made = unsafe template.withUnsafeMutableBufferPointer { unsafe mkdtemp($0.baseAddress!) }
    guard unsafe made != nil else { throw SystemError(call: "mkdtemp in \(root)", code: errno) }
    path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  deinit {
    Files.remove(path)
  }
}
