extension CredentialKind {
  /// What a reader of this kind can have read; whatever else comes under its name was not read by it.
  ///
  /// A card reader may have a keypad, a QR reader an antenna, and a face terminal both reads cards and shows a face.
  public var readable: [CredentialKind] {
    switch self {
    case .card: [.card, .pin]
    case .qr: [.qr, .card]
    case .face: [.face, .card]
    case .plate: [.plate]
    case .pin: [.pin]
    }
  }

  public func canRead(_ kind: CredentialKind) -> Bool { readable.contains(kind) }

  /// Why nothing of another kind can come from a reader of this one: "a card reader reads card and pin, never plate".
  public func refusal(of kind: CredentialKind) -> String {
    "a \(name) reader reads \(readable.map(\.name).joined(separator: " and ")), never \(kind.name)"
  }

  /// A bit for each of ``readable``, for code that takes no lock.
  var readableCodes: UInt8 { readable.reduce(0) { $0 | 1 << $1.code } }
}
