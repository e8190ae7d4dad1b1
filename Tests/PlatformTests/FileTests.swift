import Glibc
import Platform
import Testing

@Suite struct FileTests {
  private let directory: TemporaryDirectory

  init() throws {
    directory = try TemporaryDirectory()
  }

  @Test func aFileIsWrittenWhole() throws {
    let path = directory.path + "/a"
    try Files.write([1, 2, 3], to: path, mode: 0o600)
    try Files.write([4], to: path)
    #expect(try Files.read(path) == [4])
    #expect(Files.size(path) == 1)
    #expect(try Files.list(directory.path) == ["a"], "nothing is left aside")
    try Files.move(path, to: directory.path + "/b")
    #expect(try Files.list(directory.path) == ["b"])
  }

  @Test func aFileThatIsTooLargeIsRefused() throws {
    let path = directory.path + "/a"
    try Files.write([UInt8](repeating: 0, count: 100_000), to: path)
    #expect(try Files.read(path, limit: 100_000).count == 100_000)
    #expect(throws: SystemError(call: "read \(path)", code: EFBIG)) { try Files.read(path, limit: 99_999) }
    #expect(throws: SystemError(call: "open \(path)x", code: ENOENT)) { try Files.read(path + "x") }
  }

  @Test func directoriesAreMadeAndRemoved() throws {
    let deep = directory.path + "/x/y/z"
    try Files.makeDirectory(deep)
    try Files.makeDirectory(deep)
    try Files.write([1], to: deep + "/f")
    #expect(unsafe symlink("/usr", directory.path + "/x/link") == 0)
    Files.remove(directory.path + "/x")
    #expect(try Files.list(directory.path) == [])
    #expect(Files.exists("/usr/bin"), "links are not followed")
  }

  @Test func aTemporaryDirectoryGoesWithItsOwner() throws {
    var path = ""
    do {
      let own = try TemporaryDirectory(prefix: "here")
      path = own.path
      try Files.write([1], to: path + "/f")
      #expect(Files.exists(path))
    }
    #expect(!Files.exists(path))
  }

  @Test func aLockHasOneHolder() throws {
    let path = directory.path + "/lock"
    func isHeld() -> Bool {
      do throws(SystemError) {
        let lock = try FileLock(path: path)
        _ = consume lock
        return false
      } catch {
        return error.code == EWOULDBLOCK
      }
    }
    #expect(!isHeld())
    let lock = try FileLock(path: path)
    #expect(isHeld())
    _ = consume lock
    #expect(!isHeld())
  }

  @Test func aDescriptorClosesItself() throws {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe pipe(&ends) == 0)
    let reader = FileDescriptor(owning: ends[0])
    do {
      let writer = FileDescriptor(owning: ends[1])
      try writer.writeAll([1])
    }
    #expect(try reader.read() == [1])
    #expect(try reader.read() == [], "the last writer is gone")
  }

  @Test func aReleasedDescriptorStaysOpen() throws {
    let path = directory.path + "/a"
    try Files.write([1], to: path)
    let raw = try FileDescriptor.open(path: path, flags: O_RDONLY).release()
    #expect(fcntl(raw, F_GETFD) & FD_CLOEXEC != 0)
    #expect(close(raw) == 0)
  }
}
