import ControlCore
import Journal
import Messages
import Platform
import Site
import Synchronization

/// The child process: puts the threads of one controller together, waits, and takes them apart in order.
///
/// The scan starts first and ends first; the journal ends last, so that it holds what the others still had to say.
enum ControllerProcess {
  /// In which order threads end.
  enum Stage: Int, Comparable {
    case running, scanEnds, decisionEnds, journalEnds

    static func < (left: Stage, right: Stage) -> Bool { left.rawValue < right.rawValue }
  }

  final class Course: Sendable {
    private let stage = Atomic<Int>(Stage.running.rawValue)

    func advance(to stage: Stage) { self.stage.store(stage.rawValue, ordering: .releasing) }

    func isBefore(_ stage: Stage) -> Bool { self.stage.load(ordering: .acquiring) < stage.rawValue }
  }

  /// Runs until the guard asks for the end; the exit status.
  static func run(
    site: SiteDescription, options: ControllerOptions, board: GuardBoard, banks: borrowing FieldBanks
  ) -> Int32 {
    do {
      var parts = try ControllerParts(
        site: site, options: options, board: board, banks: banks.opened, chipErrors: banks.chipErrors)
      try parts.start()
      parts.superviseUntilStop()
      parts.stop()
      return 0
    } catch {
      let board = board
      board.lastWords = "\(error)"
      return 1
    }
  }
}
