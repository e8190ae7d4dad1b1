import Journal
public import Messages

/// An allow-list cut into signed parts.
public struct ListPublication: Sendable {
  public var id: String
  public var version: Int64
  /// Payloads for `down/list`, in order.
  public var payloads: [[UInt8]]

  /// - Parameter csv: the whole list with its header.
  /// - Throws: ``MessageFault`` where it is too large, not UTF-8, or has not the list's header.
  public init(
    csv: [UInt8], version: Int64, base: Int64?, id: String, key: SigningKey
  ) throws(MessageFault) {
    guard csv.count <= HQLimits.listBytes else {
      throw MessageFault("larger than \(HQLimits.listBytes) bytes")
    }
    guard let text = String(validating: csv, as: UTF8.self) else { throw MessageFault("not UTF-8") }
    guard text.hasPrefix("credential,") else {
      throw MessageFault("the first line must be credential,holder,groups,valid_from,valid_until,uses,flags")
    }
    let digest = Digest.of(csv)
    let pieces = Self.pieces(csv)
    self.id = id
    self.version = version
    payloads = pieces.enumerated().map { place, rows in
      let part = UplinkListPart(
        id: id, version: version, base: base, part: Int64(place + 1), parts: Int64(pieces.count),
        digest: digest,
        rows: rows)
      return key.sign(part.encoded()).encoded()
    }
  }

  /// Pieces of UTF-8, none cut inside a character.
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
