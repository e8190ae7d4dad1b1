import CMosquitto
import CSQLite
import Messages
import Platform
import Synchronization

/// The same job with nothing but the libraries' own calls, as somebody would write it in C: the rows of a table on disk go
/// out in order, 500 in a message of QoS 1 and as many messages ahead; the other side puts each record into a row that can
/// be there once, commits durably, and only then says how far it has everything. Nothing is parsed, hashed or proven.
@safe final class RawDrain: @unchecked Sendable {
  private let folder: String
  private let round: Int
  private let port: UInt16
  private let records: Int64
  private let ended = Atomic<Bool>(false)
  private let failure = Mutex<String?>(nil)

  init(folder: String, round: Int, port: UInt16, records: Int) {
    self.folder = folder
    self.round = round
    self.port = port
    self.records = Int64(records)
  }

  /// The table that is sent: the same records as the journal's.
  static func fill(_ folder: String, _ records: [[UInt8]], from first: Int64) throws {
    let source = try RawSQLite(path: "\(folder)/raw.db")
    try source.execute("CREATE TABLE IF NOT EXISTS log(seq INTEGER PRIMARY KEY, record BLOB NOT NULL)")
    try source.append(records, from: first, with: "INSERT INTO log(seq, record) VALUES(?, ?)")
  }

  /// - Returns: nanoseconds from the first connection to the last row durable on the other side.
  func run() throws -> UInt64 {
    let began = MonotonicClock.now()
    let receiver = try PlatformThread.start(name: "raw-receiver") { self.guarded { try self.receive() } }
    let sender = try PlatformThread.start(name: "raw-sender") { self.guarded { try self.send() } }
    receiver.join()
    let took = MonotonicClock.now() - began
    ended.store(true, ordering: .relaxed)
    sender.join()
    if let text = failure.withLock({ $0 }) { throw BenchFault("raw drain: \(text)") }
    return took
  }

  private func guarded(_ body: () throws -> Void) {
    do {
      try body()
    } catch {
      failure.withLock { $0 = "\(error)" }
      ended.store(true, ordering: .relaxed)
    }
  }

  // MARK: MQTT

  /// What the message callback hands over.
  private final class Inbox {
    var isConnected = false
    var messages: [[UInt8]] = []
  }

  private func connect(_ inbox: Inbox, _ client: String, subscribe topic: String) throws -> OpaquePointer {
    let box = unsafe Unmanaged.passUnretained(inbox).toOpaque()
    guard let session = unsafe mosquitto_new("\(client)-\(round)", true, box) else {
      throw BenchFault("mosquitto_new")
    }
    unsafe gh_mosquitto_send_at_once(session)
    unsafe mosquitto_connect_callback_set(session) { _, box, code in
      unsafe Unmanaged<Inbox>.fromOpaque(box!).takeUnretainedValue().isConnected = code == 0
    }
    unsafe mosquitto_message_callback_set(session) { _, box, message in
      let payload = unsafe UnsafeRawBufferPointer(
        start: message!.pointee.payload, count: Int(message!.pointee.payloadlen))
      unsafe Unmanaged<Inbox>.fromOpaque(box!).takeUnretainedValue().messages.append(Array(payload))
    }
    let deadline = MonotonicClock.now() + 10_000_000_000
    while unsafe mosquitto_connect(session, "127.0.0.1", Int32(port), 30) != GH_MOSQ_SUCCESS {
      guard MonotonicClock.now() < deadline else { throw BenchFault("no mosquitto on port \(port)") }
      MonotonicClock.sleep(milliseconds: 10)
    }
    while !inbox.isConnected { unsafe mosquitto_loop(session, 10, 1) }
    unsafe mosquitto_subscribe(session, nil, topic, 1)
    return unsafe session
  }

  // MARK: Sender

  /// A message is the seq of its first record as eight bytes, and the records as lines.
  private func send() throws {
    let inbox = Inbox()
    let session = unsafe try connect(inbox, "raw-sender", subscribe: "raw/ack")
    defer {
      unsafe mosquitto_disconnect(session)
      unsafe mosquitto_destroy(session)
    }
    var connection: OpaquePointer?
    unsafe sqlite3_open_v2("\(folder)/raw.db", &connection, SQLITE_OPEN_READONLY, nil)
    defer { unsafe sqlite3_close(connection) }
    var rows: OpaquePointer?
    unsafe sqlite3_prepare_v2(
      connection, "SELECT seq, record FROM log WHERE seq > ? ORDER BY seq LIMIT \(LogDrain.batch)", -1, &rows,
      nil)
    defer { unsafe sqlite3_finalize(rows) }
    var sent: Int64 = 0
    var acknowledged: Int64 = -1
    var message: [UInt8] = []
    while !ended.load(ordering: .relaxed) {
      // The receiver subscribes, and says that it has nothing, before anything is sent to it.
      let isOpen = acknowledged >= 0 && sent - acknowledged < Int64(LogDrain.window * LogDrain.batch)
      if isOpen, sent < records {
        message.removeAll(keepingCapacity: true)
        unsafe withUnsafeBytes(of: sent + 1) { unsafe message.append(contentsOf: $0) }
        unsafe sqlite3_bind_int64(rows, 1, sent)
        while unsafe sqlite3_step(rows) == SQLITE_ROW {
          sent = unsafe sqlite3_column_int64(rows, 0)
          let bytes = unsafe UnsafeRawBufferPointer(
            start: sqlite3_column_blob(rows, 1), count: Int(sqlite3_column_bytes(rows, 1)))
          unsafe message.append(contentsOf: bytes)
          message.append(0x0A)
        }
        unsafe sqlite3_reset(rows)
        unsafe mosquitto_publish(session, nil, "raw/log", Int32(message.count), message, 1, false)
      }
      guard unsafe mosquitto_loop(session, isOpen && sent < records ? 0 : 50, 1) == GH_MOSQ_SUCCESS else {
        throw BenchFault("mosquitto_loop")
      }
      for answer in inbox.messages { acknowledged = max(acknowledged, Self.seq(answer)) }
      inbox.messages.removeAll(keepingCapacity: true)
    }
  }

  private static func seq(_ message: [UInt8]) -> Int64 {
    unsafe message.withUnsafeBytes { unsafe $0.loadUnaligned(as: Int64.self) }
  }

  // MARK: Receiver

  private func receive() throws {
    let inbox = Inbox()
    let session = unsafe try connect(inbox, "raw-receiver", subscribe: "raw/log")
    defer {
      unsafe mosquitto_disconnect(session)
      unsafe mosquitto_destroy(session)
    }
    let table = try RawSQLite(path: "\(folder)/raw-\(round).db")
    try table.execute(
      """
      CREATE TABLE record(gateway INTEGER, seq INTEGER, record BLOB NOT NULL, PRIMARY KEY(gateway, seq)) WITHOUT ROWID
      """)
    let deadline = MonotonicClock.now() + LogDrain.patience
    var through: Int64 = 0
    func acknowledge() {
      _ = unsafe withUnsafeBytes(of: through) {
        unsafe mosquitto_publish(session, nil, "raw/ack", 8, $0.baseAddress, 1, false)
      }
    }
    acknowledge()
    while through < records {
      guard unsafe mosquitto_loop(session, 50, 1) == GH_MOSQ_SUCCESS, MonotonicClock.now() < deadline else {
        throw BenchFault("mosquitto_loop, or it does not end")
      }
      for message in inbox.messages {
        let count = try table.append(
          lines: message, at: 8, from: Self.seq(message), with: "INSERT OR IGNORE INTO record VALUES(1, ?, ?)"
        )
        through = Self.seq(message) + count - 1
        acknowledge()
      }
      inbox.messages.removeAll(keepingCapacity: true)
    }
  }
}
