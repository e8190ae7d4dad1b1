import Platform
import Synchronization

/// Whoever speaks on a serial line while it is open.
protocol LineSpeaker: Sendable {
  /// Speaks until the line is gone, which is an error, or until `isStopped` says so; asks it at least twice a second.
  func speak(on port: SerialPort, isStopped: () -> Bool) throws(SystemError)
}

/// A serial line that readers hang on: opened, spoken on, and opened again when it was gone, on a thread of its own.
final class ReaderLine: Sendable {
  struct Setting: Sendable {
    var path: String
    var baud: Int
    var parity: SerialPort.Parity
    var stopBits: Int
  }

  private let setting: Setting
  let speaker: any LineSpeaker
  private let note: @Sendable (String) -> Void
  private let stopped = Atomic<Bool>(false)

  init(setting: Setting, speaker: any LineSpeaker, note: @escaping @Sendable (String) -> Void) {
    self.setting = setting
    self.speaker = speaker
    self.note = note
  }

  private var isStopped: Bool { stopped.load(ordering: .acquiring) }

  func stop() { stopped.store(true, ordering: .releasing) }

  /// The body of the thread; returns after ``stop()``.
  func run() {
    var told: String?
    while !isStopped {
      do {
        let port = try SerialPort(
          path: setting.path, baud: setting.baud, parity: setting.parity, stopBits: setting.stopBits)
        told = nil
        try speaker.speak(on: port) { isStopped }
      } catch {
        // Once for each different trouble, however often the line is tried.
        if told != "\(error)" { note("\(setting.path): \(error)") }
        told = "\(error)"
        pause()
      }
    }
  }

  private func pause() {
    let end = milliseconds() + ReadersLimits.reopenMilliseconds
    while !isStopped, milliseconds() < end { MonotonicClock.sleep(milliseconds: 20) }
  }
}

/// CLOCK_MONOTONIC in milliseconds.
func milliseconds() -> UInt64 { MonotonicClock.now() / 1_000_000 }
