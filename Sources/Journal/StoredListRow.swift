/// One row of the allow-list as it is cached: what the CSV says, as plain text and numbers.
public struct StoredListRow: Sendable, Equatable {
  /// `KIND:VALUE`, in the form in which it is compared.
  public var credential: String
  public var holder: String
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
    credential: String, holder: String = "", groups: String = "", validFrom: Int64? = nil,
    validUntil: Int64? = nil,
    uses: Int64? = nil, flags: String = ""
  ) {
    self.credential = credential
    self.holder = holder
    self.groups = groups
    self.validFrom = validFrom
    self.validUntil = validUntil
    self.uses = uses
    self.flags = flags
  }

  /// What the version's digest is taken over: fields with their lengths before them, so that none runs into the next.
  var canonical: [UInt8] {
    var bytes: [UInt8] = []
    for text in [credential, holder, groups, flags] {
      bytes.append(contentsOf: "\(text.utf8.count):".utf8)
      bytes.append(contentsOf: text.utf8)
    }
    for number in [validFrom, validUntil, uses] {
      bytes.append(contentsOf: (number.map { "\($0);" } ?? "-;").utf8)
    }
    return bytes
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
