import AccessPolicy
import Synchronization

/// The list in force: one reference, exchanged whole. Readers keep the version they took as long as they need it.
final class ListSlot: Sendable {
  private let list = Mutex<ListSnapshot>(.empty())

  var current: ListSnapshot { list.withLock { $0 } }

  /// The version before is returned, so that the caller frees it, if nobody else uses it any more.
  func replace(with next: ListSnapshot) -> ListSnapshot {
    list.withLock { list in
      let before = list
      list = next
      return before
    }
  }
}
