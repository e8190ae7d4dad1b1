public import ControlCore
import Platform
import Synchronization

/// Commands on their way to the scan: any thread puts in, under a lock; the scan takes out, without one.
public final class CommandQueue: Sendable {
  private let ring: Ring<Command>
  private let producers = Mutex<Void>(())
  private let tokens = Atomic<UInt64>(1)

  public init() {
    let nothing = Command(.close(PointIndex(0)), token: 0, issued: .zero, expires: .zero)
    ring = Ring(capacity: Limits.commandRing, filledWith: nothing)
  }

  /// A number that no other command of this start has.
  public func nextToken() -> UInt64 { tokens.add(1, ordering: .relaxed).oldValue }

  /// False where the scan has not kept up and the command was not taken.
  public func post(_ command: Command) -> Bool {
    producers.withLock { _ in ring.push(command) }
  }

  /// The scan's side.
  public func take() -> Command? { ring.pop() }
}
