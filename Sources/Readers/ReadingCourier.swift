import Messages
import Platform
import Synchronization

/// One reading on its way to the controller.
struct Reading: Sendable, Equatable {
  var reader: String
  /// `qr:V-7F3K`
  var credential: String
  /// Nanoseconds of CLOCK_MONOTONIC.
  var at: UInt64

  init(reader: String, credential: String, at: UInt64 = MonotonicClock.now()) {
    self.reader = reader
    self.credential = credential
    self.at = at
  }
}

/// Carries readings to the controller one by one, on a thread of its own, so that no line waits for a decision.
///
/// What has waited too long is dropped and told: nothing opens for a card that was shown some time ago.
final class ReadingCourier: Sendable {
  typealias Decided = @Sendable (_ reading: Reading, _ granted: Bool) -> Void

  private let path: String
  private let note: @Sendable (String) -> Void
  private let decided: Decided
  private let waiting = Mutex<[Reading]>([])
  private let wake: EventDescriptor
  private let running = Atomic<Bool>(true)

  /// - Parameters:
  ///   - path: the controller's ingress socket.
  ///   - decided: called on the courier's thread.
  init(path: String, note: @escaping @Sendable (String) -> Void, decided: @escaping Decided)
    throws(SystemError)
  {
    self.path = path
    self.note = note
    self.decided = decided
    wake = try EventDescriptor()
  }

  /// Takes a reading, from any thread; drops it where too many wait.
  func submit(_ reading: Reading) {
    let taken = waiting.withLock { waiting in
      guard waiting.count < ReadersLimits.waiting else { return false }
      waiting.append(reading)
      return true
    }
    if taken { wake.signal() } else { note("\(reading.reader): too many readings at once, one was dropped") }
  }

  /// The body of its thread; returns after ``stop()``.
  func run() {
    var count = 0
    while running.load(ordering: .acquiring) {
      while let reading = waiting.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) {
        count += 1
        carry(reading, id: "reading-\(count)")
      }
      wake.wait(milliseconds: 500)
    }
  }

  func stop() {
    running.store(false, ordering: .releasing)
    wake.signal()
  }

  private func carry(_ reading: Reading, id: String) {
    guard MonotonicClock.now() < reading.at + ReadersLimits.staleMilliseconds * 1_000_000 else {
      return note("\(reading.reader): a reading waited too long and was dropped")
    }
    do {
      let request = IngressRequest(id: id, reader: reading.reader, credential: reading.credential)
      let line = try LineExchange.ask(
        path: path, line: request.encoded(), milliseconds: ReadersLimits.decisionMilliseconds)
      switch try IngressReply.parse(line) {
      case .decided(_, let decision, _, _, _): decided(reading, decision == .grant)
      case .refused(_, let error):
        note("\(reading.reader): the controller refused a reading: \(error)")
        decided(reading, false)
      }
    } catch {
      note("\(reading.reader): a reading was not decided: \(error)")
      decided(reading, false)
    }
  }
}
