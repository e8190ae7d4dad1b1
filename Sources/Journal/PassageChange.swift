/// A change of who is where. Values are absolute, so that a change done twice is a change done once.
public enum PassageChange: Sendable, Equatable {
  /// The credential is inside the area since `at` (milliseconds since 1970), and nowhere else.
  case entered(credential: String, area: String, at: Int64)
  /// The credential is inside no area.
  case left(credential: String)
  /// So many passages of the credential have been counted; 0 takes its row away.
  case used(credential: String, count: Int64)
  /// So many are inside the area.
  case occupied(area: String, count: Int64)
  /// Nobody is known to be inside the area: a person has reset it.
  case forgotten(area: String)
}

/// Who is where, as the journal keeps it over restarts.
public struct PassageState: Sendable, Equatable {
  public struct Presence: Sendable, Equatable {
    public var credential: String
    public var area: String
    /// Milliseconds since 1970.
    public var at: Int64

    public init(credential: String, area: String, at: Int64) {
      self.credential = credential
      self.area = area
      self.at = at
    }
  }

  public var presences: [Presence] = []
  /// Passages counted, by credential.
  public var uses: [String: Int64] = [:]
  /// Occupancy, by area.
  public var occupancy: [String: Int64] = [:]

  public init() {}
}
