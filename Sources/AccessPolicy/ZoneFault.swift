/// Why bytes are no time zone.
public enum ZoneFault: Error, Equatable, Sendable, CustomStringConvertible {
  case notTZif
  /// A version 1 file knows only 32-bit times.
  case version1
  case truncated
  /// More changes or types than a zone has.
  case tooLarge
  /// A change names a type that is not there, or the changes are not in order.
  case inconsistent
  /// The zone counts leap seconds, which Unix time does not (`right/…`).
  case leapSeconds
  /// The rule for the years after the last change cannot be read.
  case footer

  public var description: String {
    switch self {
    case .notTZif: "not a time zone file (TZif, RFC 8536)"
    case .version1: "a time zone file of version 1; version 2 or later is wanted"
    case .truncated: "the time zone file ends too early"
    case .tooLarge: "the time zone file is larger than a zone's"
    case .inconsistent: "the time zone file contradicts itself"
    case .leapSeconds: "the zone counts leap seconds; take the one without 'right/'"
    case .footer: "the rule for later years at the end of the time zone file cannot be read"
    }
  }
}
