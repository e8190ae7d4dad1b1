public import Journal

/// What HQ knows of one gateway.
public struct StoredGateway: Sendable, Equatable {
  public var id: Int64
  public var site: String
  public var name: String
  public var boot: Int64 = 0
  /// As its last birth said.
  public var list: Int64 = 0
  public var challenge = ""
  /// Everything up to here is stored or told as lost, and its hash.
  public var through = ChainLink.origin
  /// Milliseconds since 1970 when it last spoke.
  public var seenAt: Int64 = 0
  public var isConnected = false
  /// Why a batch was refused last; nil since one was taken.
  public var fault: String?
  /// The newest seq that it is known to have.
  public var last: Int64 = 0
  /// The newest seq that its last birth said.
  var saidLast: Int64 = 0
  /// Milliseconds since 1970 when HQ last had everything that it was known to have.
  public var completeAt: Int64 = 0

  public init(id: Int64, site: String, name: String) {
    self.id = id
    self.site = site
    self.name = name
  }

  /// As commands name it.
  public var fullName: String { "\(site)/\(name)" }

  /// Whether this is the log of a box that was replaced. No topic can hold the mark.
  public var isRetired: Bool { name.contains(Self.retirement) }

  static var retirement: String { "#" }

  /// Records that it is known to have and HQ has not.
  public var lag: Int64 { max(0, last - through.seq) }

  /// For how long HQ has not had everything, in milliseconds.
  public func lagMilliseconds(at now: Int64) -> Int64 { lag == 0 ? 0 : max(0, now - completeAt) }

  /// What its birth says of itself counts more than whatever it spoke of before.
  mutating func said(last seq: Int64, at now: Int64) {
    saidLast = seq
    last = min(last, max(seq, through.seq))
    heard(newest: seq, at: now)
  }

  /// It spoke of a seq.
  mutating func heard(newest seq: Int64, at now: Int64) {
    if completeAt == 0 || lag == 0 { completeAt = now }
    last = max(last, seq)
    if lag == 0 { completeAt = now }
  }
}
