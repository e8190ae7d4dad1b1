import Broker
import HQ
import Journal
import Messages
import Platform
import Synchronization
import TestSupport
import Testing

@testable import Uplink

/// A gateway that is away while a list is published, with a real broker between.
@Suite struct WaitingListTests {
  private final class Stop: Sendable {
    let flag = Atomic<Bool>(false)
    var isSet: Bool { flag.load(ordering: .relaxed) }
  }

  /// A service on a thread of its own, until it goes.
  private struct Running {
    let stop = Stop()
    let thread: PlatformThread

    init(_ name: String, _ body: @escaping @Sendable (@escaping () -> Bool) -> Void) throws {
      thread = try PlatformThread.start(name: name) { [stop] in body { stop.isSet } }
    }

    func end() {
      stop.flag.store(true, ordering: .relaxed)
      thread.join()
    }
  }

  /// Small, and one of so many parts that they are not sent at once.
  @Test(arguments: [2, 100_000])
  func isSentTheListWhenItIsThereAgain(rows: Int) throws {
    let place = try TemporaryDirectory(prefix: "waiting")
    let broker = try BrokerProcess(in: place.path)
    let controller = try FakeController(directory: place.path)
    defer { controller.stop() }
    let url = "mqtt://127.0.0.1:\(broker.port)"
    let key = SigningKey.generate()
    let settings = UplinkSettings(
      site: "riverside", gateway: "gw-1",
      broker: try BrokerSettings(broker: url, client: "gw-1", insecure: true),
      database: "\(place.path)/gatehouse.db", control: ControlClient(path: controller.path),
      publicKey: key.publicKey, batch: 100, window: 4)
    func gateway() throws -> Running {
      try Running("uplink") { isStopped in
        var service = UplinkService(settings, note: { _ in }, isStopped: isStopped)
        service.run()
      }
    }
    let path = "\(place.path)/hq.db"
    _ = try HQStore(path: path)
    let hub = try BrokerSettings(broker: url, client: "hq", insecure: true)
    let collector = try Running("hq") { isStopped in
      guard let store = try? HQStore(path: path) else { return }
      var service = HQService(broker: hub, store: store, note: { _ in }, isStopped: isStopped)
      service.run()
    }
    defer { collector.end() }
    let store = try HQStore(path: path, mode: .readOnly)
    // A gateway without a record that speaks before HQ listens is not heard again for a long while.
    try eventually("HQ is at work") { try store.collectors().contains(where: \.isConnected) }
    let before = try gateway()
    try eventually("HQ knows the gateway") { try store.gateways().first?.list == 3 }
    before.end()
    let lines = (0..<rows).map { "plate:B-GH \($0),holder of row number \($0)" }
    let csv = "credential,holder\n" + lines.joined(separator: "\n") + "\n"
    try Files.write(key.pem(), to: "\(place.path)/hq.key")
    try Files.write(Array(csv.utf8), to: "\(place.path)/list.csv")
    #expect(
      HQProgram.run([
        "list", "publish", "\(place.path)/list.csv", "--gateway", "gw-1", "--within", "1", "--broker", url,
        "--insecure", "--store", path, "--key", "\(place.path)/hq.key",
      ]) == 3)
    #expect(HQProgram.run(["list", "status", "--store", path]) == 1)
    #expect(controller.calls("list.commit").isEmpty)
    let after = try gateway()
    defer { after.end() }
    eventually(seconds: 60, "the list is in force") { controller.calls("list.commit").count == 1 }
    let arrived = controller.calls("list.rows").compactMap { $0["text"]?.stringValue }.joined()
    #expect(arrived == csv)
    try eventually("HQ knows that it is") {
      let known = try #require(try store.gateways().first)
      return try store.publications(of: known).first?.state == .applied && known.list == 4
    }
    #expect(HQProgram.run(["list", "status", "--store", path]) == 0)
    let database = try Database(path: path, mode: .readOnly)
    #expect(try database.integer("SELECT count(*) FROM parcel") == 0, "nobody waits for its content now")
    #expect(controller.calls("list.commit").count == 1)
  }
}
