import HQ
import Journal
import Messages
import Platform
import Testing

@Suite struct ProgramTests {
  @Test(
    arguments: [
      ([], 2), (["nonsense"], 2), (["serve"], 2), (["status", "--odd"], 2), (["log"], 2),
      (["serve", "--broker", "mqtt://hq.example", "--store", "/nowhere/hq.db"], 2),
      (["status", "--store", "/nowhere/hq.db"], 1), (["verify", "g", "--store", "/nowhere/hq.db"], 1),
    ] as [([String], Int32)])
  func exitCodes(arguments: [String], code: Int32) {
    #expect(HQProgram.run(arguments) == code)
  }

  @Test func keygenNeverWritesOver() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let path = "\(place.path)/hq.key"
    #expect(HQProgram.run(["keygen", path]) == 0)
    let first = try Files.read(path)
    #expect(HQProgram.run(["keygen", path]) == 1)
    #expect(try Files.read(path) == first)
  }
}
