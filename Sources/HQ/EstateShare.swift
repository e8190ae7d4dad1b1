import Journal
public import Messages

/// Which gateways one collector looks after.
///
/// It is a division of labour, not a lock: where two collectors take one gateway for their own for a while, the store
/// keeps each seq once all the same, because (gateway, seq) is its key and a transaction is in turn.
public struct EstateShare: Sendable, Equatable {
  /// A share that was given by hand: for collectors that have not one store in common.
  public struct Part: Sendable, Equatable {
    /// 1 to `parts`.
    public var part: UInt64
    public var parts: UInt64

    /// `1/3`; nil where the text is none.
    public init?(_ text: String) {
      let numbers = text.split(separator: "/", omittingEmptySubsequences: false).map { UInt64($0) }
      guard numbers.count == 2, let part = numbers[0], let parts = numbers[1], part >= 1, part <= parts,
        parts <= 1_000
      else { return nil }
      self.part = part
      self.parts = parts
    }
  }

  public var part: Part?
  /// This collector, and all that are at work on the same store, itself among them.
  public var own: String
  public var members: [String]

  public init(own: String, members: [String] = [], part: Part? = nil) {
    self.own = own
    self.members = members
    self.part = part
  }

  /// Of the members the one whose hash with the gateway is highest: when one goes, only its gateways move.
  public func owns(_ topics: UplinkTopics) -> Bool {
    let gateway = "\(topics.site)/\(topics.gateway)"
    if let part, Self.number(gateway) % part.parts != part.part - 1 { return false }
    let mine = Self.number("\(own) \(gateway)")
    for member in members where member != own {
      let theirs = Self.number("\(member) \(gateway)")
      if theirs > mine || (theirs == mine && member > own) { return false }
    }
    return true
  }

  /// The first eight bytes of the text's SHA-256, big-endian.
  static func number(_ text: String) -> UInt64 {
    Digest.of(Array(text.utf8)).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }
}
