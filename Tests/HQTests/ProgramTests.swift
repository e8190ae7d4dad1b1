import Journal
import Messages
import Platform
import Testing

@testable import HQ

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

  /// Nothing at HQ sets a damaged file aside: whoever waits for it waits in vain.
  @Test(arguments: [true, false])
  func aDamagedStoreIsAPersonsToMove(isForeign: Bool) throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let path = "\(place.path)/hq.db"
    if isForeign {
      try Database(path: path, mode: .readWrite).execute("CREATE TABLE mine(x)")
    } else {
      try Files.write(Array(repeating: UInt8(ascii: "x"), count: 5_000), to: path)
    }
    let error = try #require(throws: StoreError.self) { try HQStore(path: path) }
    #expect(error.kind == .damaged)
    let told = error.atHeadquarters
    #expect(told.contains("backup") && told.contains("move") && !told.contains("restart"), "\(told)")
    let full = StoreError(kind: .full, text: "full", during: "write")
    #expect(full.atHeadquarters == full.description)
  }

  @Test func othersDoNotReadTheStore() throws {
    let place = try TemporaryDirectory(prefix: "hq")
    let path = "\(place.path)/hq.db"
    let store = try HQStore(path: path)
    #expect(try store.gateways().isEmpty)
    for file in [path, path + "-wal", path + "-shm", path + ".turn"] {
      let told = try ChildProcess("sh", ["-c", "[ $(( 0$(stat -c %a \(file)) & 07 )) = 0 ]"])
      #expect(try told.wait() == .exited(0), "\(file)")
    }
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
