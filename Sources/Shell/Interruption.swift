import Glibc
import Platform
import Synchronization

/// How a person ends what streams in the shell: Ctrl-C or the enter key.
enum Interruption {
  private static let signalled = Atomic<Bool>(false)

  /// SIGINT no longer ends the program.
  static func catchSignals() {
    signal(SIGINT) { _ in Interruption.signalled.store(true, ordering: .relaxed) }
  }

  static func clear() {
    signalled.store(false, ordering: .relaxed)
  }

  static func wanted() -> Bool {
    if signalled.load(ordering: .relaxed) { return true }
    guard (try? Poll.wait(0, for: .read, milliseconds: 0)) == true else { return false }
    _ = readLine()
    return true
  }
}
