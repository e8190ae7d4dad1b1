/// What outlived the journal that was open before, in the memory of this process or of its guard.
public struct JournalBefore: Sendable, Equatable {
  /// The start that goes on: the journal is opened anew within it. Nil: a new start, counted by one more.
  public var boot: Int64?
  /// The newest seq that was durable; 0 where nothing is known.
  public var last: Int64

  public init(boot: Int64? = nil, last: Int64 = 0) {
    self.boot = boot
    self.last = last
  }

  /// Why the database cannot hold everything that was durable; nil where nothing says so.
  func whatIsMissing(last found: Int64) -> String? {
    found < last ? "it ends at seq \(found), and seq \(last) was durable" : nil
  }
}
