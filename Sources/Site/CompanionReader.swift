import AccessPolicy

/// A reader as the companions see it: a name to speak for, a kind of credential, and a wire.
public struct CompanionReader: Sendable, Equatable {
  public var name: String
  /// The kind as it stands in the site file and before a credential's colon: `plate`, `card`, `pin`, `qr`, `face`.
  public var kind: String
  public var wiring: ReaderWiring

  public init(name: String, kind: String, wiring: ReaderWiring) {
    self.name = name
    self.kind = kind
    self.wiring = wiring
  }
}

extension SiteDescription {
  /// Every reader of the site, in the order of ``readerWiring``.
  public var companionReaders: [CompanionReader] {
    zip(policy.readers, readerWiring).map { setting, wiring in
      CompanionReader(name: setting.name, kind: "\(setting.kind)", wiring: wiring)
    }
  }
}
