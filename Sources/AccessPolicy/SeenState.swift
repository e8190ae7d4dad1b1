public import ControlCore

/// What one decision saw besides its request and the list: of earlier passages, of its point, of other readings.
///
/// Only what its reader and its entry make matter stands here; what is not told was as if nothing had happened
/// yet. Kept with the record, it lets the same rules be asked again; see ``Decider/replay(_:seen:list:setting:)``.
/// Readers, points, groups and areas are places in the ``PolicySetting`` of the decision.
public struct SeenState: Sendable, Equatable {
  public enum Suspension: Sendable, Equatable {
    /// Others were suspended, this one was not.
    case ofOthers
    /// Unix milliseconds.
    case until(Int64)
    case withoutEnd
  }

  /// A grant that waited at another point.
  public struct Grant: Sendable, Equatable {
    public var point: PointIndex
    public var side: Side

    public init(point: PointIndex, side: Side) {
      self.point = point
      self.side = side
    }
  }

  /// Others who had been granted into one of the same areas and were not through.
  public struct Coming: Sendable, Equatable {
    public var grant: Grant
    public var isSameHolder: Bool
    /// Of the groups with a quota those that they are in.
    public var groups: [Int]
    /// Areas that they were in already.
    public var inside: [Int]
    public var count: Int

    public init(grant: Grant, isSameHolder: Bool, groups: [Int], inside: [Int], count: Int) {
      self.grant = grant
      self.isSameHolder = isSameHolder
      self.groups = groups
      self.inside = inside
      self.count = count
    }
  }

  public struct AreaCount: Sendable, Equatable {
    public var area: Int
    /// Nil: all in the area.
    public var group: Int?
    public var count: Int

    public init(area: Int, group: Int? = nil, count: Int) {
      self.area = area
      self.group = group
      self.count = count
    }
  }

  /// What waited at the point and did not pass any more when the next one came.
  public struct Lapse: Sendable, Equatable {
    public var kind: CredentialKind
    /// Nil: a PIN, which no record keeps.
    public var credential: CredentialKey?
    public var reason: Reason

    public init(kind: CredentialKind, credential: CredentialKey?, reason: Reason) {
      self.kind = kind
      self.credential = credential
      self.reason = reason
    }
  }

  /// A first factor that waited at the point and side.
  public struct Factor: Sendable, Equatable {
    public var kinds: [CredentialKind]
    public var isSameHolder: Bool
    public var extended = false
    public var duress = false
    /// Needs an escort, or a second person.
    public var escortRequired = false
    public var twoPerson = false
    public var lapse: Lapse?

    public init(kinds: [CredentialKind], isSameHolder: Bool) {
      self.kinds = kinds
      self.isSameHolder = isSameHolder
    }
  }

  /// Another person who waited at the point and side.
  public struct Person: Sendable, Equatable {
    public var duress = false
    public var lapse: Lapse?

    public init() {}
  }

  public var condition: PointCondition = []
  /// Nil: nobody was suspended.
  public var suspension: Suspension?
  /// Passages counted of an entry whose passages are counted.
  public var uses: Int?
  /// The last passage in Unix milliseconds, and how long ago it was where it was in the same run.
  public var lastPassage: Int64?
  public var sincePassage: Interval?
  /// Of the areas that matter those that it was in, and those that it was known not to be in.
  public var inside: [Int] = []
  public var outside: [Int] = []
  public var waiting: [Grant] = []
  public var coming: [Coming] = []
  public var occupancy: [AreaCount] = []
  public var ofHolder: [AreaCount] = []
  public var ofGroups: [AreaCount] = []
  /// Areas where one of those who go first was inside.
  public var led: [Int] = []
  public var isAccompanied = false
  public var isAccompaniedByTwo = false
  public var factor: Factor?
  public var secondPerson: Person?
  /// What else the camera made of the plate, where the list had not what it read.
  public var otherReadings: [Candidate] = []
  /// How sure it was of each character, in hundredths.
  public var sureness: [UInt8] = []

  public init() {}
}

extension PolicySetting {
  /// Eight hexadecimal digits that change with any part of the setting: a decision can be made again only under the
  /// rules that it was made under.
  public var mark: String {
    var mix = Fingerprint(seed: 0x7275_6C65)
    for unit in "\(self)".utf8 { mix.add(unit) }
    let digits = String(mix.value >> 32, radix: 16)
    return String(repeating: "0", count: 8 - digits.count) + digits
  }
}
