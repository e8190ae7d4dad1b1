import CMosquitto
import CSQLite
import Platform
import Synchronization

/// The same records over the same broker with nothing but the libraries' own calls: rows are read, 500 go into one
/// message, the other side puts each row into a table, commits, and says how far it is.
@safe final class RawDrain: @unchecked Sendable {
  private let folder: String
  private let round: Int
  private let port: UInt16
  private let records: Int
  private let ended = Atomic<Bool>(false)
  private let failure = Mutex<String?>(nil)

  init(folder: String, round: Int, port: UInt16, records: Int) {
    self.folder = folder
    self.round = round
    self.port = port
    self.records = records
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

  private func send() throws {
    let inbox = Inbox()
    let session = unsafe try connect(inbox, "raw-sender", subscribe: "raw/ack")
    defer {
      unsafe mosquitto_disconnect(session)
      unsafe mosquitto_destroy(session)
    }
    var connection: OpaquePointer?
    unsafe sqlite3_open_v2("\(folder)/gatehouse.db", &connection, SQLITE_OPEN_READONLY, nil)
    defer { unsafe sqlite3_close(connection) }
    var rows: OpaquePointer?
    unsafe sqlite3_prepare_v2(
      connection, "SELECT seq, record FROM log WHERE seq > ? ORDER BY seq LIMIT \(LogDrain.batch)", -1, &rows,
      nil)
    defer { unsafe sqlite3_finalize(rows) }
    var sent: Int64 = 0
    var flying = 0
    // The receiver subscribes before anything is sent to it.
    while inbox.messages.isEmpty, !ended.load(ordering: .relaxed) { unsafe mosquitto_loop(session, 10, 1) }
    inbox.messages.removeAll()
    while !ended.load(ordering: .relaxed) {
      if flying < LogDrain.window, sent < records {
        var message: [UInt8] = []
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
        flying += 1
      }
      let isWaiting = flying == LogDrain.window || sent == records
      guard unsafe mosquitto_loop(session, isWaiting ? 50 : 0, 1) == GH_MOSQ_SUCCESS else {
        throw BenchFault("mosquitto_loop")
      }
      flying -= inbox.messages.count
      inbox.messages.removeAll(keepingCapacity: true)
    }
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
    let deadline = MonotonicClock.now() + LogDrain.patience
    var stored = 0
    unsafe mosquitto_publish(session, nil, "raw/ack", 0, nil, 1, false)
    while stored < records {
      guard unsafe mosquitto_loop(session, 50, 1) == GH_MOSQ_SUCCESS, MonotonicClock.now() < deadline else {
        throw BenchFault("mosquitto_loop, or it does not end")
      }
      for message in inbox.messages {
        let lines = message.split(separator: 0x0A)
        try table.append(lines)
        stored += lines.count
        unsafe mosquitto_publish(session, nil, "raw/ack", 0, nil, 1, false)
      }
      inbox.messages.removeAll(keepingCapacity: true)
    }
  }
}
