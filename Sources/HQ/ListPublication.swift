import Journal
public import Messages

/// An allow-list cut into parts, to be signed for each gateway that gets it.
public struct ListPublication: Sendable {
  public let id: String
  /// SHA-256 of the CSV.
  let digest: [UInt8]
  /// The CSV, none cut inside a character.
  let pieces: [String]

  /// - Parameter csv: the whole list with its header, or what changes of it.
  /// - Throws: ``MessageFault`` where it is too large, not UTF-8, or has not the list's header.
  public init(csv: [UInt8], id: String) throws(MessageFault) {
    guard csv.count <= HQLimits.listBytes else {
      throw MessageFault("larger than \(HQLimits.listBytes) bytes")
    }
    guard let text = String(validating: csv, as: UTF8.self) else { throw MessageFault("not UTF-8") }
    guard text.hasPrefix("credential,") else {
      throw MessageFault("the first line must be credential,holder,groups,valid_from,valid_until,uses,flags")
    }
    self.id = id
    digest = Digest.of(csv)
    pieces = Self.pieces(csv)
  }

  /// Signs every part for one gateway: what is signed names it, so that no other takes it.
  public func signed(
    for gateway: UplinkTopics, version: Int64, base: Int64?, key: SigningKey
  ) -> SignedList {
    var list = SignedList(list: self, gateway: gateway, version: version, base: base)
    for number in 1...pieces.count {
      list.signatures += key.sign(list.part(number).encoded()).signature
    }
    return list
  }

  static func pieces(_ bytes: [UInt8]) -> [String] {
    var pieces: [String] = []
    var start = 0
    while start < bytes.count {
      var end = min(start + HQLimits.partBytes, bytes.count)
      while end < bytes.count, end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      pieces.append(String(decoding: bytes[start..<end], as: UTF8.self))
      start = end
    }
    return pieces
  }
}

/// A list as one gateway gets it. The rows are shared by all gateways; only the signatures are its own.
public struct SignedList: Sendable {
  let list: ListPublication
  let gateway: UplinkTopics
  public let version: Int64
  public let base: Int64?
  /// 64 bytes for each part, in order.
  var signatures: [UInt8] = []

  public var count: Int { list.pieces.count }

  /// Payloads for `down/list`, in order.
  public var payloads: [[UInt8]] { (1...count).map(payload) }

  /// Bytes of rows: about what the payloads come to.
  var bytes: Int { list.pieces.reduce(0) { $0 + $1.utf8.count } }

  /// - Parameter number: from 1.
  func part(_ number: Int) -> UplinkListPart {
    UplinkListPart(
      id: list.id, for: gateway, version: version, base: base, part: Int64(number), parts: Int64(count),
      digest: list.digest, rows: list.pieces[number - 1])
  }

  func payload(_ number: Int) -> [UInt8] { Self.payload(part(number), signatures) }

  /// The part with its signature, which is found among those of all parts.
  static func payload(_ part: UplinkListPart, _ signatures: [UInt8]) -> [UInt8] {
    let start = Int(part.part - 1) * signatureBytes
    return SignedEnvelope(
      signature: Array(signatures[start..<start + signatureBytes]), payload: part.encoded()
    ).encoded()
  }

  /// Ed25519, RFC 8032.
  static var signatureBytes: Int { 64 }
}
