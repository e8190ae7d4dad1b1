import Glibc
import Platform
import Testing

/// A small file system under a directory of its own, mounted by the program `mount`; gone with its owner.
final class MountedState {
  let path: String
  private let directory: TemporaryDirectory

  /// Mounting is root's alone.
  static var isPossible: Bool { geteuid() == 0 }

  /// The kernel's own file system for cards, on a loop device: it can be told to fail.
  static var canFail: Bool {
    isPossible && Files.exists("/dev/loop-control") && Files.exists("/sys/fs/ext4")
      && Files.exists("/sbin/mkfs.ext4")
  }

  private let image: String?
  private var disk: String?

  init(megabytes: Int = 1) throws {
    directory = try TemporaryDirectory(prefix: "mounted")
    path = "\(directory.path)/state"
    image = nil
    try Files.makeDirectory(path)
    try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m,mode=0750", "gatehouse-test", path)
  }

  /// ext4 that turns read-only at its first error, as on a worn card.
  init(cardBytes: Int) throws {
    directory = try TemporaryDirectory(prefix: "card")
    path = "\(directory.path)/state"
    let image = "\(directory.path)/image"
    self.image = image
    try Files.makeDirectory(path)
    try Files.write([UInt8](repeating: 0, count: cardBytes), to: image)
    try run("mkfs.ext4", "-q", "-O", "^has_journal", image)
    try mountCard()
  }

  /// ext4 on a loop device whose own disk can be filled: then the kernel cannot write what it had taken, and says so at
  /// `fsync`.
  init(cardOnDiskOf megabytes: Int) throws {
    directory = try TemporaryDirectory(prefix: "card")
    path = "\(directory.path)/state"
    let disk = "\(directory.path)/disk"
    self.disk = disk
    let image = "\(disk)/image"
    self.image = image
    try Files.makeDirectory(path)
    try Files.makeDirectory(disk)
    try run("mount", "-t", "tmpfs", "-o", "size=\(megabytes)m", "gatehouse-test", disk)
    try run("truncate", "-s", "64M", image)
    try run("mkfs.ext4", "-q", "-O", "^has_journal", image)
    try run("mount", "-o", "loop", image, path)
  }

  /// Every write to the card fails, in the background.
  func spoilCard() throws {
    let process = try ChildProcess(
      "dd", ["if=/dev/zero", "of=\(disk!)/ballast", "bs=4096"],
      error: .append(path: "\(directory.path)/errors"))
    #expect(try process.wait() == .exited(1), "dd ends where there is no more room")
  }

  func mendCard() { Files.remove("\(disk!)/ballast") }

  /// Taken out and put in again under the running program, which may have files open on what was there before.
  func exchangeCard() throws {
    try run("umount", "-l", path)
    try mountCard()
  }

  private func mountCard() throws { try run("mount", "-o", "loop,errors=remount-ro", image!, path) }

  /// The kernel finds an error: from now on nothing can be written, though files are open.
  func failCard() throws {
    let mounts = String(decoding: try Files.read("/proc/mounts"), as: UTF8.self).split(separator: "\n")
    let line = try #require(mounts.first { $0.split(separator: " ")[1] == path })
    let device = line.split(separator: " ")[0].split(separator: "/").last!
    let switches = try FileDescriptor.open(
      path: "/sys/fs/ext4/\(device)/trigger_fs_error", flags: O_WRONLY)
    try switches.writeAll(Array("gatehouse test\n".utf8))
  }

  /// As after a restart of the box; nobody may have a file open.
  func insertCardAgain() throws {
    try run("umount", path)
    try mountCard()
  }

  deinit {
    // Also where a file is still open: it goes with the last process that has it.
    try? run("umount", "-l", path)
    if let disk { try? run("umount", "-l", disk) }
  }

  /// Fills it to the last block.
  func fill() throws {
    let process = try ChildProcess(
      "dd", ["if=/dev/zero", "of=\(path)/ballast", "bs=4096"],
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
    let process = try ChildProcess(program, arguments, error: .append(path: errors))
    let ending = try process.wait()
    let said = (try? Files.read(errors)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    try #require(ending == .exited(0), "\(program) \(arguments): \(said)")
  }
}
