import Platform
import Testing

@Suite struct StyleTests {
  let house = House()

  /// What the card of the project allows beside dotfiles.
  static let topLevel: Set<String> = [
    "Package.swift", "Sources", "Tests", "hardware", "udev", "README.md", "LICENSE",
  ]

  @Test func theTopLevelHoldsNothingElse() throws {
    let tracked = try #require(try house.tracked(), "not a git checkout")
    for path in tracked {
      let entry = String(path.prefix { $0 != "/" })
      #expect(
        entry.hasPrefix(".") || Self.topLevel.contains(entry), "\(entry) does not belong at the top level")
    }
  }

  @Test func swiftFormatHasNothingToSay() throws {
    let scratch = try TemporaryDirectory()
    let report = "\(scratch.path)/report"
    let format = try ChildProcess(
      "swift",
      [
        "format", "lint", "--strict", "--recursive", "\(house.root)/Sources", "\(house.root)/Tests",
        "\(house.root)/Package.swift",
      ], output: .append(path: report), error: .append(path: report))
    let ending = try format.wait()
    let said = String(decoding: (try? Files.read(report)) ?? [], as: UTF8.self)
    #expect(ending == .exited(0), "swift format lint: \(said)")
  }

  @Test func aFileHoldsOneIdea() throws {
    for folder in ["Sources", "Tests"] {
      for path in try house.files(below: folder, endingIn: ".swift") {
        let lines = try house.text(path).split(separator: "\n", omittingEmptySubsequences: false).count
        #expect(lines <= 450, "\(path) has \(lines) lines: is it still one idea?")
      }
    }
  }

  @Test func nothingIsLeftOpenInTheCode() throws {
    let marks = ["TO" + "DO", "FIX" + "ME", "XX" + "X:"]
    for folder in ["Sources", "Tests", "hardware", "udev"] {
      for path in try house.files(below: folder, endingIn: "") where !path.hasSuffix(".png") {
        let text = try house.text(path)
        for mark in marks { #expect(!text.contains(mark), "\(path) holds \(mark)") }
      }
    }
  }

  @Test func everyRoomHasAPageOfItsOwn() throws {
    for room in ImportRules.allowed.keys {
      let page = "Sources/\(room)/\(room).docc/\(room).md"
      #expect(Files.exists("\(house.root)/\(page)"), "\(page) is missing")
    }
  }

  @Test func everyRoomHasTests() throws {
    for room in ImportRules.allowed.keys {
      let tests = try house.files(below: "Tests/\(room)Tests", endingIn: ".swift")
      let count = try tests.reduce(0) { try $0 + house.text($1).split(separator: "@Test").count - 1 }
      #expect(count > 0, "room \(room) has no test")
    }
  }

  /// A drawing, a map or a guide that names a file names one that is there.
  @Test func theReadMeNamesOnlyWhatIsThere() throws {
    let words = try house.text("README.md").split { " \n()`|\"'<>,;".contains($0) }
    let folders = ["Sources/", "Tests/", "hardware/", "udev/"]
    for word in words where folders.contains(where: { word.hasPrefix($0) }) && !word.contains("*") {
      let path = String(word.prefix { $0 != "#" }).trimmingSuffix(".:")
      if path.contains(where: { $0.isUppercase }) && path.contains("NAME") { continue }
      #expect(Files.exists("\(house.root)/\(path)"), "README.md names \(path), which is not there")
    }
  }
}

extension String {
  fileprivate func trimmingSuffix(_ characters: String) -> String {
    var result = self
    while let last = result.last, characters.contains(last) { result.removeLast() }
    return result
  }
}
