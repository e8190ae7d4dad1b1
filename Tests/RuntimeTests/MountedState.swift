import Glibc
import Platform
import Testing

/// A file system of one megabyte under a directory of its own, mounted by the program `mount`; gone with its owner.
final class MountedState {
  let path: String
  private let directory: TemporaryDirectory

  /// Mounting is root's alone.
  static var isPossible: Bool { geteuid() == 0 }

  init() throws {
    directory = try TemporaryDirectory(prefix: "mounted")
    path = "\(directory.path)/state"
    try Files.makeDirectory(path)
    try run("mount", "-t", "tmpfs", "-o", "size=1m,mode=0750", "gatehouse-test", path)
  }

  deinit {
    // Also where a file is still open: it goes with the last process that has it.
    try? run("umount", "-l", path)
  }

  /// Fills it to the last block.
  func fill() throws {
    let process = try ChildProcess(
      "/bin/dd", ["if=/dev/zero", "of=\(path)/ballast", "bs=4096"],
      error: .append(path: "\(directory.path)/errors"))
    #expect(try process.wait() == .exited(1), "dd ends where there is no more room")
  }

  func makeRoom() { Files.remove("\(path)/ballast") }

  /// Only while no file on it is open for writing.
  func setReadOnly(_ readOnly: Bool) throws {
    try run("mount", "-o", "remount,\(readOnly ? "ro" : "rw")", path)
  }

  private func run(_ program: String, _ arguments: String...) throws {
    let errors = "\(directory.path)/errors"
    let process = try ChildProcess("/bin/\(program)", arguments, error: .append(path: errors))
    let ending = try process.wait()
    let said = (try? Files.read(errors)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    try #require(ending == .exited(0), "\(program) \(arguments): \(said)")
  }
}
