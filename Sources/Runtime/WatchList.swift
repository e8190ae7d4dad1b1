import Messages
import Synchronization

/// Those who asked for `watch`: every durable record goes to each of them.
final class WatchList: Sendable {
  private struct Watcher {
    var reply: ReplyAddress
    var masked: Bool
  }

  private let watchers = Mutex<[Watcher]>([])

  func add(_ reply: ReplyAddress, masked: Bool) {
    watchers.withLock { $0.append(Watcher(reply: reply, masked: masked)) }
  }

  func remove(connection: UInt64) {
    watchers.withLock { $0.removeAll { $0.reply.connection == connection } }
  }

  /// The record as the log has it.
  func tell(_ record: [UInt8]) {
    watchers.withLock { watchers in
      guard !watchers.isEmpty, let value = try? JSONValue.parse(record, maximumBytes: record.count) else {
        return
      }
      for watcher in watchers {
        watcher.reply.event(["record": watcher.masked ? CredentialMask.masked(record: value) : value])
      }
    }
  }
}
