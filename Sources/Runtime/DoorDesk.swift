import AccessPolicy
import ControlCore
import Messages
import Site

/// The doors that schedules or people open for all: what each should be, and why it is being changed.
struct DoorDesk {
  struct Door {
    let point: PointIndex
    var use: DoorUse
    /// What the file told; asked once.
    var stored: StoredPeriod?
    /// Since when the present period is as it is, in Unix milliseconds.
    var periodAt: Int64 = 0
    /// No order before: the one before may still be on its way.
    var nextOrder = Instant.zero
    /// What the records of the change tell beside the event.
    var reason: [(key: String, value: JSONValue)] = []
    var lastRead: (credential: CredentialKey, at: Instant, isEntitled: Bool)?
  }

  var doors: [Door]
  var nextLook = Instant.zero

  init(site: SiteDescription, stored: [String: StoredPeriod]) {
    doors = site.doorModes.enumerated().compactMap { place, modes in
      modes.isEmpty
        ? nil
        : Door(point: PointIndex(place), use: DoorUse(modes), stored: stored[site.pointNames[place]])
    }
  }

  func place(of point: PointIndex?) -> Int? {
    guard let point else { return nil }
    return doors.firstIndex { $0.point == point }
  }
}

extension DoorDesk.Door {
  /// Whether this reading is the second of two that belong together. A card that lies on its reader is read again and
  /// again: readings so close behind one another are one.
  ///
  /// - Parameter isEntitled: nil where this reading was not decided anew, being the same presence as the one before.
  mutating func isShownTwice(
    _ credential: CredentialKey, at: Instant, within window: Interval, isEntitled: Bool?
  ) -> Bool {
    let last = lastRead.flatMap { $0.credential == credential ? $0 : nil }
    lastRead = (credential, at, isEntitled ?? last?.isEntitled ?? false)
    guard let last, last.isEntitled else { return false }
    let gap = at.since(last.at)
    guard gap >= RuntimeLimits.samePresentation, window >= gap else { return false }
    lastRead = nil
    return true
  }
}
