import Platform
import Testing

/// What README.md shows must work as it stands.
@Suite struct ReadMeTests {
  let house = House()

  @Test func itsSiteFilePassesTheCheck() throws {
    let parts = try house.text("README.md").split(separator: "```json5\n", maxSplits: 1)
    let example = try #require(parts.last?.split(separator: "\n```", maxSplits: 1).first)
    let scratch = try TemporaryDirectory()
    let site = "\(scratch.path)/site.json5"
    let said = "\(scratch.path)/said"
    try Files.write(Array(example.utf8), to: site)
    let folder = try Files.ownProgram().split(separator: "/").dropLast().map { "/" + $0 }.joined()
    let check = try ChildProcess(
      "\(folder)/gatehoused", ["--site", site, "--profiles", "\(house.root)/hardware", "--check"],
      output: .append(path: said), error: .append(path: said))
    let ending = try check.wait()
    let words = String(decoding: try Files.read(said), as: UTF8.self)
    #expect(ending == .exited(0), "\(words)")
  }
}
