import Platform
import Synchronization

/// What was answered to a recognition, for a camera that did not hear it and sends the same again.
final class RecognitionMemory: Sendable {
  private struct Entry {
    var answer: CameraAnswer
    /// CLOCK_MONOTONIC, nanoseconds.
    var until: UInt64
  }

  private struct Store {
    var answers: [String: Entry] = [:]
    var order: [String] = []
  }

  private let store = Mutex(Store())

  func answer(to key: String, now: UInt64 = MonotonicClock.now()) -> CameraAnswer? {
    store.withLock { store in
      guard let entry = store.answers[key], now < entry.until else { return nil }
      return entry.answer
    }
  }

  /// The oldest is forgotten when there are too many.
  func remember(_ answer: CameraAnswer, to key: String, now: UInt64 = MonotonicClock.now()) {
    store.withLock { store in
      if store.answers[key] == nil { store.order.append(key) }
      let until = now + CameraLimits.rememberedMilliseconds * 1_000_000
      store.answers[key] = Entry(answer: answer, until: until)
      guard store.order.count > CameraLimits.remembered else { return }
      // In quarters: an array gives its first elements away only by moving all others.
      for key in store.order.prefix(CameraLimits.remembered / 4) { store.answers[key] = nil }
      store.order.removeFirst(CameraLimits.remembered / 4)
    }
  }
}
