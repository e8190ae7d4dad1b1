import Journal

/// Which records of one gateway are asked for.
struct RecordQuery: Equatable {
  var after: Int64 = 0
  var limit: Int64 = .max
  var point: String?
  var type: String?
  var reason: String?
  /// Milliseconds since 1970 by the gateway's clock: from included, to not.
  var from: Int64?
  var to: Int64?

  /// Whether every record is meant, whatever it says.
  private var isOpen: Bool { point == nil && type == nil && reason == nil && from == nil && to == nil }

  /// What a record does not say is not what was asked for.
  func takes(_ bytes: [UInt8]) -> Bool {
    guard !isOpen else { return true }
    let facts = RecordFacts(bytes)
    return (point == nil || facts.point == point) && (type == nil || facts.type == type)
      && (reason == nil || facts.reason == reason) && (from == nil || (facts.at ?? .min) >= from ?? .min)
      && (to == nil || (facts.at ?? .max) < to ?? .max)
  }
}

/// A record with what HQ knows of it.
struct FoundRecord: Equatable {
  var seq: Int64
  var bytes: [UInt8]
  var hash: [UInt8]
  /// Milliseconds since 1970; nil where HQ did not note it.
  var storedAt: Int64?
}
