import Platform
import Testing

@Suite struct ProgramOptionsTests {
  @Test func valuesAndFlagsAreTaken() throws {
    let options = try ProgramOptions(
      ["--site", "a b", "--check", "--run=/r=1"], valued: ["--site", "--run"], bare: ["--check"])
    #expect(options["--site"] == "a b")
    #expect(options["--run"] == "/r=1")
    #expect(options.has("--check"))
    #expect(throws: ProgramOptions.Misuse.self) { try options.required("--state") }
  }

  @Test(arguments: [
    (["--site"], "needs a value"), (["--site="], "needs a value"), (["--site", "a", "--site", "b"], "twice"),
    (["--sit", "a"], "not known"), (["--check=1"], "not known"), (["word"], "not known"),
  ]) func misuseNamesItself(arguments: [String], says: String) {
    let misuse = #expect(throws: ProgramOptions.Misuse.self) {
      try ProgramOptions(arguments, valued: ["--site"], bare: ["--check"])
    }
    #expect(misuse?.description.contains(says) == true)
  }
}
