/// What an entry of the list is marked with.
public struct ListFlags: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8

  @_noLocks public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Never passes.
  public static var deny: Self { @_noLocks get { Self(rawValue: 1) } }
  /// The longer unlock time.
  public static var extended: Self { @_noLocks get { Self(rawValue: 2) } }
  public static var passbackExempt: Self { @_noLocks get { Self(rawValue: 4) } }
  /// Passes only behind somebody who may go alone.
  public static var escortRequired: Self { @_noLocks get { Self(rawValue: 8) } }
  /// A silent alarm is told, whether it passes or not.
  public static var duress: Self { @_noLocks get { Self(rawValue: 16) } }

  @_noLocks
  func has(_ flag: Self) -> Bool { rawValue & flag.rawValue != 0 }

  /// In the order in which they are written.
  static var names: [(name: String, flag: ListFlags)] {
    [
      ("deny", .deny), ("extended", .extended), ("passback_exempt", .passbackExempt),
      ("escort_required", .escortRequired), ("duress", .duress),
    ]
  }
}

/// One entry of the allow-list.
public struct ListRow: Hashable, Sendable {
  public var credential: CredentialKey
  public var holder: String
  /// Places in ``PolicySetting/groups``, ascending, each once.
  public var groups: [Int]
  /// Unix milliseconds, included; nil: from ever.
  public var validFrom: Int64?
  /// Unix milliseconds, not included; nil: for ever.
  public var validUntil: Int64?
  /// Passages allowed; nil: without limit.
  public var uses: Int?
  public var flags: ListFlags

  public init(
    credential: CredentialKey, holder: String = "", groups: [Int] = [], validFrom: Int64? = nil,
    validUntil: Int64? = nil, uses: Int? = nil, flags: ListFlags = []
  ) {
    self.credential = credential
    self.holder = holder
    self.groups = groups
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.uses = uses
    self.flags = flags
  }
}
