import Platform
import Synchronization

/// Ordinary threads that leave neither a processor nor the disk a pause, and read of a process in `/proc` as `top` does.
final class BusyMachine: Sendable {
  private let stopping = Atomic<Bool>(false)
  private let process: Int32
  private let directory: String

  /// - Parameters:
  ///   - process: what is read of.
  ///   - directory: on a disk; files of it are written again and again.
  init(readersOf process: Int32, disk directory: String) {
    self.process = process
    self.directory = directory
  }

  func run<Result>(_ body: () throws -> Result) throws -> Result {
    let work = [read, read, write, write, write]
    let threads = try work.enumerated().map { place, work in
      try PlatformThread.start(name: "busy \(place)") {
        while !self.stopping.load(ordering: .relaxed) { work(place) }
      }
    }
    defer {
      stopping.store(true, ordering: .relaxed)
      for thread in threads { thread.join() }
    }
    return try body()
  }

  @Sendable private func read(_ place: Int) {
    let tasks = "/proc/\(process)/task"
    for task in (try? Files.list(tasks)) ?? [] { _ = try? Files.read("\(tasks)/\(task)/stat") }
  }

  @Sendable private func write(_ place: Int) {
    try? Files.write([UInt8](repeating: 1, count: 8 << 20), to: "\(directory)/busy\(place)")
  }
}
