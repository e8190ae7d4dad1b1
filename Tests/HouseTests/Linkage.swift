import Platform
import Testing

/// What the built programs load, read with `ldd` beside the test bundle.
@Suite struct LinkageTests {
  private func libraries(of program: String) throws -> String {
    let own = try Files.ownProgram()
    let folder = own.split(separator: "/").dropLast().map { "/" + $0 }.joined()
    let scratch = try TemporaryDirectory()
    let list = "\(scratch.path)/list"
    let ldd = try ChildProcess("ldd", ["\(folder)/\(program)"], output: .append(path: list))
    try #require(try ldd.wait() == .exited(0), "ldd \(folder)/\(program)")
    return String(decoding: try Files.read(list), as: UTF8.self)
  }

  @Test(arguments: [
    "gatehoused", "gatehouse", "gatehouse-cameras", "gatehouse-readers", "gatehouse-uplink", "gatehouse-hq",
    "gatehouse-sim", "gatehouse-bench",
  ])
  func noProgramLoadsTheWholeOfFoundation(program: String) throws {
    let loaded = try libraries(of: program)
    for library in ["libFoundation.so", "libFoundationNetworking.so", "libFoundationXML.so"] {
      #expect(!loaded.contains(library), "\(program) loads \(library)")
    }
  }

  @Test func theControllerLoadsNoNetworkLibrary() throws {
    let loaded = try libraries(of: "gatehoused")
    for library in ["libmosquitto", "libmicrohttpd", "libexpat", "libedit"] {
      #expect(!loaded.contains(library), "gatehoused loads \(library)")
    }
    for library in ["libgpiod", "libmodbus", "libsqlite3", "libcrypto"] {
      #expect(loaded.contains(library), "gatehoused does not load \(library)")
    }
  }
}
