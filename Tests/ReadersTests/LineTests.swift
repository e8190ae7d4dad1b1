import Glibc
import Platform
import Site
import Synchronization
import TestSupport
import Testing

@testable import Readers

/// Readers on pseudo terminals, served by the whole program's parts, down to the controller's socket.
@Suite struct LineTests {
  /// A folder with a site file, a controller, and the lines `qr` and `osdp` under names that stay.
  final class Bench: Sendable {
    let directory: TemporaryDirectory
    let controller: FakeController
    let notes = Notes()

    final class Notes: Sendable {
      let all = Mutex<[String]>([])
      func have(_ text: String) -> Bool { all.withLock { $0.contains { $0.contains(text) } } }
    }

    init(key: String?) throws {
      directory = try TemporaryDirectory(prefix: "gatehouse-readers")
      controller = try FakeController(path: "\(directory.path)/ingress.sock")
      if let key { try Files.write(Array(key.utf8), to: "\(directory.path)/lobby.key") }
      try Files.write(Array(Self.site(directory.path, keyed: key != nil).utf8), to: sitePath)
    }

    var sitePath: String { "\(directory.path)/site.json5" }

    func attach(_ line: String, to terminal: PseudoTerminal) {
      let link = "\(directory.path)/\(line)"
      _ = unsafe unlink(link)
      _ = unsafe symlink(terminal.path, link)
    }

    func start(installSeconds: Int = 0) throws -> ReadersService {
      let notes = notes
      return try ReadersService(
        site: try SiteFile.load(path: sitePath, profiles: nil), ingressPath: "\(directory.path)/ingress.sock",
        installSeconds: installSeconds
      ) { line in notes.all.withLock { $0.append(line) } }
    }

    private static func site(_ folder: String, keyed: Bool) -> String {
      """
      {
        gateway: { id: "gw-1", site: "test", timezone: "UTC" },
        gpio: { box: { simulated: true } },
        buses: { qr: { serial: "\(folder)/qr", baud: 9600 }, osdp: { serial: "\(folder)/osdp", baud: 9600 } },
        inputs: { contact: { gpio: "box", line: 0, debounce_ms: 20 } },
        outputs: { strike: { gpio: "box", line: 8, safe: false } },
        points: { lobby: { kind: "door", fail: "secure", unlock_ms: 2000,
                           outputs: { unlock: "strike" }, inputs: { contact: "contact" } } },
        readers: {
          "lobby.qr": { point: "lobby", side: "in", kind: "qr", serial: { bus: "qr" } },
          "lobby.card": { point: "lobby", side: "in", kind: "card",
                          osdp: { bus: "osdp", address: 5 \(keyed ? ", key_file: \"\(folder)/lobby.key\"" : "") } },
          "lobby.pin": { point: "lobby", side: "in", kind: "pin",
                         osdp: { bus: "osdp", address: 6 \(keyed ? ", key_file: \"\(folder)/lobby.key\"" : "") } },
        },
        schedules: { always: {} },
        groups: { all: { points: ["lobby"], schedule: "always" } },
      }
      """
    }
  }

  /// Readers at the far end of a line, on a thread of their own.
  final class Peers: Sendable {
    private let peers: Mutex<[OSDPPeer]>
    private let running = Atomic<Bool>(true)
    private let thread = Mutex<PlatformThread?>(nil)

    init(on terminal: PseudoTerminal, key: [UInt8]?) throws {
      peers = Mutex([OSDPPeer(address: 5, key: key), OSDPPeer(address: 6, key: key)])
      let started = try PlatformThread.start(name: "peers") { [weak self] in
        var framer = OSDPFramer()
        while let self, self.running.load(ordering: .relaxed) {
          let bytes = terminal.read(milliseconds: 20)
          // A line that nobody has open answers at once.
          if bytes.isEmpty { MonotonicClock.sleep(milliseconds: 2) }
          framer.feed(bytes)
          while let command = framer.next() {
            for reply in self.replies(to: command) { try? terminal.write(reply) }
          }
        }
      }
      thread.withLock { $0 = started }
    }

    private func replies(to command: [UInt8]) -> [[UInt8]] {
      peers.withLock { peers in peers.indices.compactMap { peers[$0].reply(to: command) } }
    }

    func change(_ place: Int, _ body: (inout OSDPPeer) -> Void) { peers.withLock { body(&$0[place]) } }

    func commands(_ place: Int) -> [OSDPFrame] { peers.withLock { $0[place].commands } }

    func stop() {
      running.store(false, ordering: .relaxed)
      thread.withLock { $0?.join() }
    }
  }

  @Test func aScannedCodeReachesTheController() throws {
    let bench = try Bench(key: nil)
    let terminal = try PseudoTerminal(blocking: false)
    let other = try PseudoTerminal(blocking: false)
    bench.attach("qr", to: terminal)
    bench.attach("osdp", to: other)
    let service = try bench.start()
    defer {
      service.stop()
      bench.controller.stop()
    }
    // Until the line is open, what is written waits in it or is flushed: a person scans again.
    #expect(
      eventually {
        try? terminal.write(Array("V-7F3K\r\n".utf8))
        MonotonicClock.sleep(milliseconds: 20)
        return !bench.controller.credentials.isEmpty
      })
    #expect(bench.controller.credentials.allSatisfy { $0 == "lobby.qr qr:V-7F3K" })
    try terminal.write([0xFF, 0xFE, 0x0A] + [UInt8](repeating: 0x41, count: 3_000) + [0x0A])
    try terminal.write(Array("LAST\n".utf8))
    #expect(eventually { bench.controller.credentials.last == "lobby.qr qr:LAST" })
    #expect(bench.controller.credentials.allSatisfy { !$0.contains("AAAA") })
    #expect(bench.notes.have("counts for nothing"))
    #expect(other.read(milliseconds: 300).isEmpty, "nothing is said in plain text")
    #expect(bench.notes.have("no install window is open"))
  }

  @Test func aScannerThatWasPulledOutIsServedWhenItIsBack() throws {
    let bench = try Bench(key: nil)
    let other = try PseudoTerminal(blocking: false)
    bench.attach("osdp", to: other)
    let service = try bench.start()
    defer {
      service.stop()
      bench.controller.stop()
    }
    #expect(
      eventually {
        bench.notes.have("/qr: No such file") || bench.notes.have("open \(bench.directory.path)/qr")
      })
    for code in ["FIRST", "SECOND"] {
      let terminal = try PseudoTerminal(blocking: false)
      bench.attach("qr", to: terminal)
      #expect(
        eventually {
          try? terminal.write(Array("\(code)\n".utf8))
          MonotonicClock.sleep(milliseconds: 50)
          return bench.controller.credentials.last == "lobby.qr qr:\(code)"
        })
    }
  }

  @Test func cardsAndPINsOfSecureReadersReachTheController() throws {
    let bench = try Bench(key: "42424242424242424242424242424242")
    let terminal = try PseudoTerminal(blocking: false)
    bench.attach("osdp", to: terminal)
    let peers = try Peers(on: terminal, key: [UInt8](repeating: 0x42, count: 16))
    let service = try bench.start()
    defer {
      service.stop()
      peers.stop()
      bench.controller.stop()
    }
    #expect(
      eventually { bench.notes.have("lobby.card: online, secure") && bench.notes.have("lobby.pin: online") })
    peers.change(0) { $0.showCard(bits: 26, [0x12, 0x34, 0x56, 0x80]) }
    #expect(bench.controller.waits(for: 1))
    peers.change(1) { $0.typeKeys("1234\r") }
    #expect(bench.controller.waits(for: 2))
    #expect(bench.controller.credentials == ["lobby.card card:raw/26/048D15A", "lobby.pin pin:1234"])
    #expect(eventually { peers.commands(0).contains { $0.code == OSDPCommand.led && $0.data[5] == 2 } })
    // SplitMix64 on the line, and a reader that restarts.
    for _ in 0..<20 { try terminal.write([0x53, 0x85, 0xFF, 0x00, 0x04, 0x50]) }
    peers.change(0) { $0.reboot() }
    peers.change(0) { $0.showCard(bits: 32, [1, 2, 3, 4]) }
    #expect(bench.controller.waits(for: 3))
    #expect(bench.controller.credentials.last == "lobby.card card:raw/32/01020304")
  }

  @Test func plainTextIsSpokenInTheInstallWindow() throws {
    let bench = try Bench(key: nil)
    let terminal = try PseudoTerminal(blocking: false)
    bench.attach("osdp", to: terminal)
    let peers = try Peers(on: terminal, key: nil)
    let service = try bench.start(installSeconds: 60)
    defer {
      service.stop()
      peers.stop()
      bench.controller.stop()
    }
    #expect(eventually { bench.notes.have("lobby.card: online, plain text") })
    peers.change(0) { $0.showCard(bits: 32, [1, 2, 3, 4]) }
    #expect(bench.controller.waits(for: 1))
    #expect(bench.controller.credentials == ["lobby.card card:raw/32/01020304"])
  }

  @Test func aKeyThatIsNoneStopsTheStart() throws {
    let bench = try Bench(key: "secret")
    defer { bench.controller.stop() }
    #expect(throws: ReadersService.Fault.self) { _ = try bench.start() }
  }

  @Test func aReadingThatWaitedIsNotAsked() throws {
    let bench = try Bench(key: nil)
    let notes = bench.notes
    let courier = try ReadingCourier(path: "\(bench.directory.path)/ingress.sock") { line in
      notes.all.withLock { $0.append(line) }
    } decided: { _, _ in
    }
    let now = MonotonicClock.now()
    courier.submit(Reading(reader: "lobby.qr", credential: "qr:OLD", at: now - 4_000_000_000))
    courier.submit(Reading(reader: "lobby.qr", credential: "qr:NEW", at: now))
    let thread = try PlatformThread.start(name: "courier") { courier.run() }
    #expect(bench.controller.waits(for: 1))
    courier.stop()
    thread.join()
    bench.controller.stop()
    #expect(bench.controller.credentials == ["lobby.qr qr:NEW"])
    #expect(notes.have("waited too long"))
  }

  /// A site without a reader on a serial line is no reason to end, and to be started again and again.
  @Test func withoutAReaderItStays() throws {
    let folder = try TemporaryDirectory(prefix: "readers")
    let site = "{ gateway: { id: \"gw-1\", site: \"test\", timezone: \"UTC\" } }"
    try Files.write(Array(site.utf8), to: "\(folder.path)/site.json5")
    var waits = 0
    let arguments = ["--site", "\(folder.path)/site.json5", "--run", folder.path]
    let code = ReadersProgram.run(arguments) { waits += 1 }
    #expect(waits == 1)
    #expect(code == 0)
  }

  @Test(arguments: [
    [], ["--site"], ["--site", "a", "--install-window", "soon"], ["--site", "a", "--install-window", "-1"],
    ["--site", "a", "--install-window", "86400"], ["--colour", "red"],
  ]) func misuseIsTold(arguments: [String]) {
    #expect(ReadersProgram.run(arguments) == 2)
  }
}
