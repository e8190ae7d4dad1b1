import Glibc
import Journal
import Platform

/// Whose turn it is to write to the store: `flock` on a file beside it, held for one transaction.
///
/// SQLite lets several processes write to one file, but its versions before 3.51.3 can damage a write-ahead log when one
/// checkpoints while another begins it anew. Taking turns keeps the two apart. The kernel gives a dead process's turn
/// back.
final class WriteTurn {
  private let file: FileDescriptor
  private let path: String

  init(path: String) throws(StoreError) {
    self.path = path
    do throws(SystemError) {
      file = try FileDescriptor.open(path: path, flags: O_RDWR | O_CREAT)
    } catch {
      throw StoreError(error, during: "open \(path)")
    }
  }

  /// - Throws: ``StoreError``; `busy` where the turn does not come in time: a process that was stopped holds it.
  func take<Result>(_ body: () throws(StoreError) -> Result) throws(StoreError) -> Result {
    let deadline = MonotonicClock.now() + HQLimits.turnMilliseconds * 1_000_000
    while flock(file.raw, LOCK_EX | LOCK_NB) != 0 {
      guard errno == EWOULDBLOCK || errno == EINTR else {
        throw StoreError(SystemError(call: "flock \(path)"), during: "wait for a turn to write")
      }
      guard MonotonicClock.now() < deadline else {
        throw StoreError(
          kind: .busy, text: "another gatehouse-hq writes and does not end", during: "wait for \(path)")
      }
      MonotonicClock.sleep(milliseconds: 1)
    }
    defer { _ = flock(file.raw, LOCK_UN) }
    return try body()
  }
}
