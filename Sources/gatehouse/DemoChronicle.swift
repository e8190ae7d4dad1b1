import Messages
import Platform
import Shell
import Synchronization

/// Every record of the controller's log as it comes, also across a restart: pulled by seq, so that none is missed.
final class DemoChronicle: Sendable {
  private struct State: Sendable {
    var records: [JSONValue] = []
    var last: Int64 = 0
  }

  private let state = Mutex(State())
  private let stopping = Atomic<Bool>(false)
  private let told: @Sendable (JSONValue) -> Void
  private let runDirectory: String

  /// - Parameter told: called once for each record, on the chronicle's thread.
  init(runDirectory: String, told: @escaping @Sendable (JSONValue) -> Void) {
    self.runDirectory = runDirectory
    self.told = told
  }

  func start() throws(SystemError) -> PlatformThread {
    try PlatformThread.start(name: "chronicle") { self.run() }
  }

  func stop() {
    stopping.store(true, ordering: .relaxed)
  }

  private func run() {
    let transport = SocketTransport(runDirectory: runDirectory, patience: 2_000)
    while !stopping.load(ordering: .relaxed) {
      let after = state.withLock { $0.last }
      // While the controller is down there is nothing to pull; the next round asks again.
      if let part = try? transport.ask("log.pull", ["after": .integer(after), "limit": 200]) { take(part) }
      MonotonicClock.sleep(milliseconds: 30)
    }
  }

  private func take(_ part: JSONValue) {
    for text in part["records"]?.arrayValue ?? [] {
      guard let line = text.stringValue, let record = try? JSONValue.parse(Array(line.utf8)) else { continue }
      state.withLock { state in
        state.records.append(record)
        state.last = record["seq"]?.integerValue ?? state.last
      }
      told(record)
    }
  }

  /// Where the log stands now: give it to ``await(since:milliseconds:_:)``.
  var mark: Int { state.withLock { $0.records.count } }

  /// The first record after `mark` that fits, waited for; nil where none came in time.
  func await(since mark: Int, milliseconds: UInt64, _ fits: (JSONValue) -> Bool) -> JSONValue? {
    let deadline = MonotonicClock.now() + milliseconds * 1_000_000
    while true {
      let found = state.withLock { $0.records[mark...].first(where: fits) }
      if let found { return found }
      guard MonotonicClock.now() < deadline else { return nil }
      MonotonicClock.sleep(milliseconds: 20)
    }
  }

  func count(_ fits: (JSONValue) -> Bool) -> Int {
    state.withLock { state in state.records.count(where: fits) }
  }
}
