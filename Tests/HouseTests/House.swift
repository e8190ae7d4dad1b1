import Glibc
import Platform
import Testing

/// The checkout as its own tests see it: this file stands in `Tests/HouseTests`.
struct House {
  let root: String

  init(file: String = #filePath) {
    root = file.split(separator: "/").dropLast(3).map { "/" + $0 }.joined()
  }

  /// Paths below `folder`, relative to the root, that end in `suffix`.
  func files(below folder: String, endingIn suffix: String) throws -> [String] {
    var found: [String] = []
    for name in try Files.list("\(root)/\(folder)") {
      let path = "\(folder)/\(name)"
      if isDirectory(path) {
        found += try files(below: path, endingIn: suffix)
      } else if name.hasSuffix(suffix) {
        found.append(path)
      }
    }
    return found
  }

  func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return unsafe lstat("\(root)/\(path)", &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }

  func text(_ path: String) throws -> String {
    String(decoding: try Files.read("\(root)/\(path)"), as: UTF8.self)
  }

  /// What `git ls-files` names, or nil outside a checkout.
  func tracked() throws -> [String]? {
    let scratch = try TemporaryDirectory()
    let list = "\(scratch.path)/files"
    let git = try ChildProcess("git", ["-C", root, "ls-files"], output: .append(path: list), error: .discard)
    guard try git.wait() == .exited(0) else { return nil }
    return try String(decoding: Files.read(list, limit: 16 << 20), as: UTF8.self).split(separator: "\n").map(
      String.init)
  }
}
