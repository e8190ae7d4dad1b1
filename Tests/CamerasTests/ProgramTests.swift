import Cameras
import Platform
import Testing

@Suite struct ProgramTests {
  @Test(arguments: [
    [], ["--site"], ["--site", "a", "--site", "b"], ["--site", "a", "--colour", "red"], ["a.json5"],
    ["--site", "a", "--listen", "8417"], ["--site", "a", "--listen", "gate:80"],
    ["--site", "a", "--listen", "127.0.0.1:99999"],
  ]) func misuseIsTold(arguments: [String]) {
    #expect(CamerasProgram.run(arguments) == 2)
  }

  @Test func aSiteFileThatIsNotThereIsAnAnswer() throws {
    let directory = try TemporaryDirectory()
    #expect(CamerasProgram.run(["--site", "\(directory.path)/none.json5"]) == 1)
  }

  @Test func anAddressInUseIsTold() throws {
    let first = try HTTPServer(address: ListenAddress("127.0.0.1:0")!) { _ in CameraAnswer(status: 200) }
    defer { first.stop() }
    #expect(throws: SystemError.self) {
      _ = try HTTPServer(address: ListenAddress("127.0.0.1:\(first.port)")!) { _ in CameraAnswer(status: 200)
      }
    }
  }
}
