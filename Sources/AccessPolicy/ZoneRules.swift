/// The offsets of one time zone: from which second of Unix time which offset from UTC holds.
public struct ZoneRules: Sendable, Equatable {
  /// Unix seconds of each change, ascending, and the offset in seconds east of UTC from then on.
  public let changes: [(at: Int64, offset: Int32)]
  /// The offset before the first change.
  public let first: Int32

  public init(first: Int32, changes: [(at: Int64, offset: Int32)]) {
    self.first = first
    self.changes = changes
  }

  public static let utc = ZoneRules(first: 0, changes: [])

  public static func == (left: ZoneRules, right: ZoneRules) -> Bool {
    left.first == right.first
      && left.changes.elementsEqual(right.changes) { $0.at == $1.at && $0.offset == $1.offset }
  }
}
