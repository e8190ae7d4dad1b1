import Platform
import Synchronization

/// A bounded box that any thread drops messages into and one thread empties.
///
/// Never used by the scan: it takes a lock.
final class Inbox<Message: Sendable>: Sendable {
  private let messages = Mutex<[Message]>([])
  private let wake: EventDescriptor
  let capacity: Int

  init(capacity: Int) throws(SystemError) {
    self.capacity = capacity
    wake = try EventDescriptor()
  }

  /// False where the box is full, or has no more than `reserve` places left, and the message was not taken.
  func post(_ message: Message, leaving reserve: Int = 0) -> Bool {
    let taken = messages.withLock { waiting in
      guard waiting.count < capacity - reserve else { return false }
      waiting.append(message)
      return true
    }
    if taken { wake.signal() }
    return taken
  }

  /// Beyond the capacity too: for messages whose number something else bounds.
  func postAlways(_ message: Message) {
    messages.withLock { $0.append(message) }
    wake.signal()
  }

  /// All that waits, in order of arrival.
  func takeAll() -> [Message] {
    wake.drain()
    return messages.withLock { waiting in
      let taken = waiting
      waiting = []
      return taken
    }
  }

  /// Waits until something comes, a bare ``nudge()`` included, or the time runs out.
  func wait(milliseconds: Int32) {
    _ = try? Poll.wait(wake.raw, for: .read, milliseconds: milliseconds)
  }

  /// Wakes the owner without a message; the scan does so when it has put events into its ring.
  func nudge() { wake.signal() }

  var count: Int { messages.withLock { $0.count } }
}
