import AccessPolicy
import ControlCore
import Journal
import Platform
import Site

/// What a version of the list changes of the one before.
enum ListDifference {
  /// - Returns: each credential once, with its row before; nil where there are more than `limit`.
  static func changes(
    from old: ListSnapshot, to new: ListSnapshot, _ text: ListText, limit: Int = JournalLimits.listPastRows
  ) -> [ListPast.Change]? {
    var changes: [ListPast.Change] = []
    for place in 0..<old.count {
      let row = old.row(at: place)
      if let now = new.lookup(row.credential), new.row(at: now) == row { continue }
      guard changes.count < limit else { return nil }
      changes.append(ListPast.Change(credential: row.credential.storedText, row: text.stored(row)))
    }
    for place in 0..<new.count {
      let credential = new.row(at: place).credential
      guard old.lookup(credential) == nil else { continue }
      guard changes.count < limit else { return nil }
      changes.append(ListPast.Change(credential: credential.storedText, row: nil))
    }
    return changes
  }
}

/// Keeps what each import replaces. Whatever fails here costs only explanations.
extension ListThread {
  /// Once the start is known by its number, and then now and again for what was kept long enough.
  mutating func lookAfterPast() {
    guard status.list.error == nil else { return }
    let version = Int64(clamping: slot.current.version)
    if !hasBegunPast, status.boot > 0 {
      hasBegunPast = true
      tell { () throws(StoreError) in try past.begin(version: version, boot: status.boot) }
    }
    guard let days = site.journal.credentialDays, MonotonicClock.now() >= nextForget else { return }
    nextForget = MonotonicClock.now() + RuntimeLimits.listPastLook.nanoseconds
    let moment = WallClock.milliseconds() - Int64(days) * 86_400_000
    tell { () throws(StoreError) in try past.forget(before: moment) }
  }

  /// Before the list is stored: a power cut between the two leaves more than is needed, never less.
  func notePast(of next: ListSnapshot) {
    let current = slot.current
    // Nobody was on no list: that is known without a file.
    let changes = current.version == 0 ? nil : ListDifference.changes(from: current, to: next, text)
    tell { () throws(StoreError) in
      try past.replace(
        Int64(clamping: current.version), with: Int64(clamping: next.version), changes,
        at: WallClock.milliseconds())
    }
  }

  func takeBackPast(of next: ListSnapshot) {
    let version = Int64(clamping: slot.current.version)
    tell { () throws(StoreError) in try past.takeBack(Int64(clamping: next.version), to: version) }
  }

  private func tell(_ body: () throws(StoreError) -> Void) {
    do throws(StoreError) { try body() } catch {
      StandardError.write("gatehoused: what the list was before is not kept: \(error)")
    }
  }
}
