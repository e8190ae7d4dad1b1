import Broker
import Journal
import Messages
import Platform
import Synchronization
import Uplink

/// One gateway of a simulated estate: the real journal and the real uplink, and records out of the air.
final class SimulatedGateway: Sendable {
  static let site = "estate"
  private static let group = 100

  let name: String
  private let folder: String
  private let broker: BrokerSettings
  private let isStopped = Atomic<Bool>(false)
  private let through = Atomic<Int64>(0)
  private let newest = Mutex<(seq: Int64, hash: [UInt8])?>(nil)
  private let word = Mutex("")
  private let threads = Mutex<[PlatformThread]>([])

  init(name: String, folder: String, broker: BrokerSettings) throws {
    self.name = name
    self.folder = folder
    self.broker = broker
    try Files.makeDirectory(folder)
  }

  /// The newest seq that headquarters has told to have, and that the journal has taken down.
  var acknowledged: Int64 { through.load(ordering: .relaxed) }

  /// What the uplink said last.
  var lastWord: String { word.withLock { $0 } }

  /// - Parameter rate: records a second; nil: all at once.
  func start(records: Int, rate: Int?) throws {
    // Made here, so that the uplink finds its database.
    _ = try Journal.open(directory: folder, gateway: name, capacity: max(1_000, records * 2))
    let writer = try PlatformThread.start(name: "journal", stackBytes: 256 << 10) {
      do {
        try self.keepJournal(records, rate)
      } catch {
        self.word.withLock { $0 = "\(error)" }
      }
    }
    let settings = UplinkSettings(
      site: Self.site, gateway: name, broker: broker, database: "\(folder)/gatehouse.db", control: controller,
      publicKey: nil, batch: 500, window: 4)
    let uplink = try PlatformThread.start(name: "uplink", stackBytes: 256 << 10) {
      var service = UplinkService(
        settings, note: { text in self.word.withLock { $0 = text } },
        isStopped: { self.isStopped.load(ordering: .relaxed) })
      service.run()
    }
    threads.withLock { $0 = [writer, uplink] }
  }

  func stop() {
    isStopped.store(true, ordering: .relaxed)
    threads.withLock { threads in
      for thread in threads { thread.join() }
      threads = []
    }
  }

  private var controller: ControlClient {
    ControlClient { (verb, args) throws(ControlClient.Failure) in
      switch verb {
      case "status": return ["list": ["version": 0]]
      case "uplink.ack":
        guard let seq = args["through"]?.integerValue, let hash = args["hash"]?.stringValue.flatMap(Hex.bytes)
        else { throw .refused("through and hash are missing") }
        self.newest.withLock { $0 = (seq, hash) }
        return .null
      default: throw .refused("a simulated controller does not know \(verb)")
      }
    }
  }

  /// The journal's only thread: writes what is due, and takes acknowledgements down.
  private func keepJournal(_ records: Int, _ rate: Int?) throws {
    let journal = try Journal.open(directory: folder, gateway: name, capacity: max(1_000, records * 2))
    let began = MonotonicClock.now()
    var written = Int(journal.lastSequence)
    while !isStopped.load(ordering: .relaxed) {
      let due = rate.map { Int((MonotonicClock.now() - began) / 1_000_000) * $0 / 1_000 + 1 } ?? records
      let next = min(records, due, written + Self.group)
      let isIdle = next < written + Self.group
      if next > written {
        _ = try journal.append((written..<next).map(draft))
        written = next
      }
      if let (seq, hash) = newest.withLock({ newest in
        defer { newest = nil }
        return newest
      }) {
        try journal.acknowledge(through: seq, hash: hash)
        through.store(journal.acked.seq, ordering: .relaxed)
      }
      if isIdle { MonotonicClock.sleep(milliseconds: 100) }
    }
  }

  private func draft(_ number: Int) -> LogRecord {
    LogRecord(
      at: Timestamp(milliseconds: WallClock.milliseconds()), clock: .synced, monotonic: MonotonicClock.now(),
      type: .access, point: "lane1", reader: "lane1.camera", side: .in, credential: "plate:BGH\(number)",
      decision: .grant, reason: "granted", list: 1, passage: "p-1-\(number)")
  }
}
