/// One row of the allow-list as it is cached: what the CSV says, as plain text and numbers.
public struct StoredListRow: Sendable, Equatable {
  /// `KIND:VALUE`, in the form in which it is compared.
  public var credential: String
  public var holder: String
  public var terms: StoredListTerms

  public init(
    credential: String, holder: String = "", groups: String = "", validFrom: Int64? = nil,
    validUntil: Int64? = nil,
    uses: Int64? = nil, flags: String = ""
  ) {
    self.init(
      credential: credential, holder: holder,
      terms: StoredListTerms(
        groups: groups, validFrom: validFrom, validUntil: validUntil, uses: uses, flags: flags))
  }

  public init(credential: String, holder: String, terms: StoredListTerms) {
    self.credential = credential
    self.holder = holder
    self.terms = terms
  }
}

/// What many rows of a list share.
public struct StoredListTerms: Sendable, Hashable {
  /// `;`-separated.
  public var groups: String
  /// Milliseconds since 1970; from this moment on.
  public var validFrom: Int64?
  /// Milliseconds since 1970; not at this moment any more.
  public var validUntil: Int64?
  /// Passages allowed.
  public var uses: Int64?
  /// `;`-separated.
  public var flags: String

  public init(
    groups: String = "", validFrom: Int64? = nil, validUntil: Int64? = nil, uses: Int64? = nil,
    flags: String = ""
  ) {
    self.groups = groups
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.uses = uses
    self.flags = flags
  }
}

/// One version of the allow-list.
public struct StoredList: Sendable, Equatable {
  public var version: Int64
  public var rows: [StoredListRow]

  public init(version: Int64, rows: [StoredListRow]) {
    self.version = version
    self.rows = rows
  }
}
