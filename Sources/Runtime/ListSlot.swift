public import AccessPolicy
import Synchronization

/// The list in force: one reference, exchanged whole. Readers keep the version they took as long as they need it.
public final class ListSlot: Sendable {
  private let list = Mutex<ListSnapshot>(.empty())
  private let settled = Atomic<Bool>(false)

  public init() {}

  /// The stored list is there, or it is known that there is none; until then nobody can be called unknown.
  var isSettled: Bool { settled.load(ordering: .acquiring) }

  func settle() { settled.store(true, ordering: .releasing) }

  public var current: ListSnapshot { list.withLock { $0 } }

  /// The version before is returned, so that the caller frees it, if nobody else uses it any more.
  public func replace(with next: ListSnapshot) -> ListSnapshot {
    defer { settle() }
    return list.withLock { list in
      let before = list
      list = next
      return before
    }
  }
}
