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

  public init(id: Int64, site: String, name: String) {
    self.id = id
    self.site = site
    self.name = name
  }
}
