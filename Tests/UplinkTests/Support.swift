import Glibc
import Journal
import Messages
import Platform
import Synchronization
import TestSupport
import Testing

func draft(_ number: Int) -> LogRecord {
  LogRecord(
    at: Timestamp(milliseconds: 1_795_334_400_000 + Int64(number)), clock: .synced, monotonic: UInt64(number),
    type: .access, point: "lane1", credential: "plate:京A\(number)", decision: .grant, reason: "granted")
}

/// Stands for the controller: owns the journal, and answers the verbs that the uplink asks.
final class FakeController: Sendable {
  struct State {
    var calls: [(verb: String, args: JSONValue)] = []
    var version: Int64 = 3
    var drafts: [LogRecord] = []
    var acked: Int64 = 0
  }

  let state = Mutex(State())
  let path: String
  private let stopped = Atomic<Bool>(false)
  private let thread = Mutex<PlatformThread?>(nil)

  init(directory: String) throws {
    path = "\(directory)/control.sock"
    let listener = try UnixListener(path: path)
    // Made here, so that the database is there when the test goes on.
    let journal = try Journal.open(directory: directory, gateway: "gw-1", capacity: 100_000)
    let made = try PlatformThread.start(name: "controller") { [self] in
      while !stopped.load(ordering: .relaxed) { serve(listener, journal) }
    }
    thread.withLock { $0 = made }
  }

  func stop() {
    stopped.store(true, ordering: .relaxed)
    thread.withLock { thread in
      thread?.join()
      thread = nil
    }
  }

  func calls(_ verb: String) -> [JSONValue] {
    state.withLock { $0.calls.filter { $0.verb == verb }.map(\.args) }
  }

  /// Has the journal's thread write records.
  func write(_ drafts: [LogRecord]) {
    state.withLock { $0.drafts += drafts }
  }

  private func serve(_ listener: UnixListener, _ journal: Journal) {
    do {
      let drafts = state.withLock { state in
        defer { state.drafts.removeAll() }
        return state.drafts
      }
      for start in stride(from: 0, to: drafts.count, by: 100) {
        _ = try journal.append(Array(drafts[start..<min(start + 100, drafts.count)]))
      }
      guard try Poll.wait(listener.raw, for: .read, milliseconds: 10), let connection = try listener.accept()
      else {
        return
      }
      var framer = LineFramer()
      while try Poll.wait(connection.raw, for: .read, milliseconds: 1_000) {
        guard let bytes = try connection.read(), !bytes.isEmpty else { return }
        framer.feed(bytes)
        guard case .line(let line) = framer.next() else { continue }
        let request = try ControlRequest.parse(line)
        try connection.writeAll(answer(request, journal).encoded() + [0x0A])
        return
      }
    } catch {
      Issue.record("the controller: \(error)")
    }
  }

  private func answer(_ request: ControlRequest, _ journal: Journal) -> ControlReply {
    let version = state.withLock { state in
      state.calls.append((request.verb, request.args))
      return state.version
    }
    switch request.verb {
    case "status": return .done(id: request.id, result: ["list": ["version": .integer(version)]])
    case "list.begin": return .done(id: request.id, result: ["import": 1])
    case "list.commit":
      state.withLock { state in
        state.version = state.calls.last { $0.verb == "list.begin" }?.args["version"]?.integerValue ?? 0
      }
      return .done(id: request.id, result: .null)
    case "uplink.ack":
      do {
        let through = request.args["through"]?.integerValue ?? -1
        try journal.acknowledge(
          through: through, hash: Hex.bytes(request.args["hash"]?.stringValue ?? "") ?? [])
        state.withLock { $0.acked = journal.acked.seq }
        return .done(id: request.id, result: .null)
      } catch {
        return .refused(id: request.id, error: "\(error)", detail: .null)
      }
    default: return .done(id: request.id, result: .null)
    }
  }
}
