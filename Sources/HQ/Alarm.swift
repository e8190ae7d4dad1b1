public import Messages

/// Something about a gateway that a person at HQ must look at.
public struct Alarm: Sendable, Equatable {
  public enum Kind: String, Sendable, CaseIterable {
    /// A batch does not join on to what is stored, or does not hold together.
    case chainBroken = "chain-broken"
    /// A seq that is stored came again with another hash.
    case logChanged = "log-changed"
    /// The gateway's newest seq is below what HQ has acknowledged.
    case logCut = "log-cut"
    /// The gateway's count of its starts went back: an old image of it was put in place.
    case gatewayRestored = "gateway-restored"
    /// The gateway told that records were lost before HQ had them.
    case recordsLost = "records-lost"
    /// A plan for an emergency began there, and is no drill.
    case emergency
    /// A door was opened without a grant.
    case forcedOpen = "forced-open"
    /// A housing or a wire was tampered with.
    case tamper
    /// Somebody was made to present a credential.
    case duress
    /// A reader takes no PIN any more after too many wrong ones.
    case lockout
    /// A door stands open for too long.
    case heldOpen = "held-open"
    /// A message on the gateway's topics was not one.
    case badMessage = "bad-message"
    /// Nothing was heard for too long, although it was asked.
    case silent

    /// Whether the alarm ends by itself; the others stay until a person has looked.
    public var endsByItself: Bool { self == .silent || self == .heldOpen }
  }

  public var id: Int64
  public var site: String
  public var gateway: String
  public var kind: Kind
  /// The point, reader, input or plan that it is about; empty where it is about the gateway. Each has its own alarm.
  public var about: String
  /// Why, the last time.
  public var text: String
  /// Milliseconds since 1970.
  public var raisedAt: Int64
  public var lastAt: Int64
  /// How often it came since it was raised.
  public var count: Int64
  public var endedAt: Int64?
  /// Who ended it: a Unix user, or `gateway` where it ended by itself.
  public var endedBy: String?

  public var name: String { "\(site)/\(gateway)" }

  /// One line for a person.
  public var line: String {
    let state = endedAt.map { "ended \(Timestamp(milliseconds: $0))" } ?? "ALARM"
    return "\(state) \(name) \(kind.rawValue): \(text)"
  }

  public var json: JSONValue {
    .object([
      ("alarm", .string(kind.rawValue)), ("site", .string(site)), ("gateway", .string(gateway)),
      ("about", about.isEmpty ? .null : .string(about)), ("text", .string(text)),
      ("raised_at", .string(Timestamp(milliseconds: raisedAt).description)),
      ("last_at", .string(Timestamp(milliseconds: lastAt).description)), ("count", .integer(count)),
      ("ended_at", endedAt.map { .string(Timestamp(milliseconds: $0).description) } ?? .null),
      ("ended_by", endedBy.map { .string($0) } ?? .null),
    ])
  }
}
