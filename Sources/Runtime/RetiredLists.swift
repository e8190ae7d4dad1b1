public import AccessPolicy

/// Lists that were in force, until nobody holds them any more: so that they go on the thread that keeps them, for to give
/// back fifty megabytes takes longer than a thousand decisions.
public struct RetiredLists {
  private var lists: [ListSnapshot] = []

  public init() {}

  /// - Parameter list: what ``ListSlot/replace(with:)`` returned.
  public mutating func add(_ list: consuming ListSnapshot) { lists.append(list) }

  /// Frees those that nobody else holds.
  public mutating func free() {
    for place in lists.indices.reversed() where isKnownUniquelyReferenced(&lists[place]) {
      lists.remove(at: place)
    }
  }
}
