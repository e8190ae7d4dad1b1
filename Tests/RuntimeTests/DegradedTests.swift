import GPIODriver
import Glibc
import Messages
import Platform
import TestSupport
import Testing

/// What is missing or broken keeps the rest from nothing.
@Suite(.serialized) struct DegradedTests {
  @Test func doorsDecideWithoutAJournalAndTheRecordsCatchUp() throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    // A file where the directory should be: nothing can be written, whoever one is.
    try Files.write([], to: gateway.state)
    try gateway.startAndWait()
    let status = try gateway.status()
    #expect(status["journal"]?["state"] == "degraded")
    #expect(status["journal"]?["error"]?.stringValue?.isEmpty == false)
    let answer = try gateway.ingress().present("lane.camera", "plate:京A12345", confidence: 0.9)
    #expect(answer["decision"] == "deny" && answer["seq"] == 0)
    #expect(try gateway.control().call("open", ["point": "lobby"])["accepted"] == true)
    let chip = try gateway.chip("bench")
    #expect(waitUntil(limit: 1_000) { chip.output(18) } != nil)
    Files.remove(gateway.state)
    let healed = try waitUntil(limit: 8_000) { try gateway.status()["journal"]?["state"] == "ok" }
    #expect(healed != nil)
    let records = try gateway.records()
    #expect(records.contains { $0["type"] == "access" && $0["decision"] == "deny" }, "what waited is written")
    #expect(try gateway.status()["boot"] == 1)
  }

  @Test func startsWithoutItsChipAndTakesItWhenItComes() throws {
    let site = BenchSites.simulated.replacing(
      "gpio: { bench: { simulated: true } }",
      with: "gpio: { bench: { simulated: true }, gone: { name: \"gpiochip-none\" } }"
    ).replacing(
      "\"exit.magnet\": { gpio: \"bench\", line: 20, safe: false }",
      with: "\"exit.magnet\": { gpio: \"gone\", line: 0, safe: false }")
    let gateway = try RunningGateway(site: site)
    // Nothing can be made in a file: the simulated chip is missing too, until the file goes.
    try Files.write([], to: "\(gateway.run)/gpio")
    try gateway.startAndWait()
    let before = try gateway.status()
    #expect(before["chips"]?.arrayValue?.map { $0["state"] } == ["missing", "missing"])
    #expect(try gateway.control().call("inputs")[0]?["quality"] == "bad")
    Files.remove("\(gateway.run)/gpio")
    let back = waitUntil(limit: 8_000) {
      (try? gateway.status())?["chips"]?[0]?["state"] == "ok"
    }
    #expect(back != nil)
    let after = try gateway.status()
    #expect(after["chips"]?[1]?["state"] == "missing")
    #expect(after["guard"]?["last_cause"]?.stringValue?.contains("chip") == true)
    try gateway.importList(BenchSites.list)
    let chip = try gateway.chip("bench")
    _ = try gateway.ingress().present("lobby.card", "card:H10301/123/45678")
    #expect(waitUntil(limit: 1_000) { chip.output(18) } != nil)
  }

  @Test func startsWithoutItsBusAndTakesItWhenItComes() throws {
    let port: Int
    do {
      let bench = try ModbusBench()
      port = bench.port
      bench.stop()
    }
    let gateway = try RunningGateway(site: BenchSites.modbus(port: port))
    try gateway.startAndWait()
    #expect(try gateway.control().call("buses")[0]?["state"] == "down")
    #expect(
      try gateway.status()["faults"]?.arrayValue?.contains { $0.stringValue?.hasPrefix("bus io") == true }
        == true)
    let bench = try ModbusBench(port: port)
    defer { bench.stop() }
    #expect(waitUntil(limit: 8_000) { bench.coil(2) } != nil, "the magnet locks")
    #expect(!bench.coil(0) && !bench.coil(1))
    #expect(try waitUntil(limit: 3_000) { try gateway.control().call("buses")[0]?["state"] == "good" } != nil)
    let told = try waitUntil(limit: 3_000) {
      try gateway.records().filter { $0["detail"]?["device"] == "bus io" }.count >= 2
    }
    #expect(told != nil, "both that it was lost and that it came back")
  }

  @Test(
    arguments: [
      (["--check"], 0), (["--frob"], 2), (["--state"], 2),
    ] as [([String], Int32)])
  func theCommandLineAnswers(_ arguments: [String], _ status: Int32) throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    let site = "\(gateway.directory.path)/site.json5"
    let process = try ChildProcess(
      try program("gatehoused"), ["--site", site] + arguments,
      output: .append(path: "\(gateway.directory.path)/out"),
      error: .append(path: "\(gateway.directory.path)/err"))
    #expect(try process.wait() == .exited(status))
    let printed = try Files.read("\(gateway.directory.path)/\(status == 0 ? "out" : "err")")
    #expect(!printed.isEmpty)
  }

  @Test func checkNamesEveryFault() throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/bad.json5"
    try Files.write(Array("{ gateway: { id: 7 }, loop: { period: 1 } }".utf8), to: path)
    let process = try ChildProcess(
      try program("gatehoused"), ["--site", path, "--check"], error: .append(path: "\(directory.path)/err"))
    #expect(try process.wait() == .exited(1))
    let lines = String(decoding: try Files.read("\(directory.path)/err"), as: UTF8.self).split(
      separator: "\n")
    #expect(lines.count >= 2)
    #expect(lines.allSatisfy { $0.hasPrefix(path) })
  }
}
