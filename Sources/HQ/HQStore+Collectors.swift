public import Journal

/// One `gatehouse-hq serve` at work on a store.
public struct StoredCollector: Sendable, Equatable {
  public var name: String
  /// Milliseconds since 1970 when it last said that it is there.
  public var beatAt: Int64
  /// Whether it was connected to the broker then.
  public var isConnected: Bool
  public var startedAt: Int64
  /// Whether its process still lives.
  public var isRunning: Bool

  /// Whether it can be counted on. A beat from the future is one from before the clock was set back.
  public func isAlive(at now: Int64) -> Bool {
    isRunning && isConnected && abs(now - beatAt) < HQLimits.collectorMilliseconds
  }
}

extension HQStore {
  private var slotPath: String { "\(database.path).turn" }

  /// A place among the collectors of this store, for as long as the value lives.
  func takeSlot() throws(StoreError) -> CollectorSlot { try CollectorSlot(path: slotPath) }

  /// Says that a collector is there. Who had its place before is forgotten.
  func beat(
    _ name: String, _ slot: CollectorSlot, connected: Bool, started: Int64, at now: Int64
  ) throws(StoreError) {
    try write { () throws(StoreError) in
      let insert = try database.prepare(
        "INSERT OR REPLACE INTO collector(slot, name, beat_at, connected, started_at) VALUES(?, ?, ?, ?, ?)")
      try insert.bind(1, slot.number)
      try insert.bind(2, name)
      try insert.bind(3, now)
      try insert.bind(4, connected ? 1 : 0)
      try insert.bind(5, started)
      try insert.run()
    }
  }

  /// The collector ends in good order.
  func leave(_ slot: CollectorSlot) throws(StoreError) {
    try write { () throws(StoreError) in
      let delete = try database.prepare("DELETE FROM collector WHERE slot = ?")
      try delete.bind(1, slot.number)
      try delete.run()
    }
  }

  public func collectors() throws(StoreError) -> [StoredCollector] {
    let held = CollectorSlot.held(path: slotPath)
    let rows = try database.prepare(
      "SELECT name, beat_at, connected, started_at, slot FROM collector ORDER BY name")
    var collectors: [StoredCollector] = []
    while try rows.step() {
      collectors.append(
        StoredCollector(
          name: rows.text(0), beatAt: rows.integer(1), isConnected: rows.integer(2) != 0,
          startedAt: rows.integer(3), isRunning: held?.contains(rows.integer(4)) ?? true))
    }
    return collectors
  }
}
