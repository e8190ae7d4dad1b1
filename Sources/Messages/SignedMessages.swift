/// A payload with the signature before it: `ed25519:BASE64`, a line feed, then the signed bytes.
public struct SignedEnvelope: Sendable, Equatable {
  /// 64 bytes.
  public var signature: [UInt8]
  public var payload: [UInt8]

  public init(signature: [UInt8], payload: [UInt8]) {
    self.signature = signature
    self.payload = payload
  }

  private static var prefix: String { "ed25519:" }

  public static func parse(_ bytes: [UInt8]) throws(MessageFault) -> SignedEnvelope {
    guard bytes.count <= MessageLimits.payloadBytes else {
      throw MessageFault("longer than \(MessageLimits.payloadBytes) bytes")
    }
    guard let end = bytes.prefix(256).firstIndex(of: 0x0A),
      let line = String(validating: bytes[..<end], as: UTF8.self), line.hasPrefix(prefix),
      let signature = Base64.bytes(String(line.dropFirst(prefix.count))), signature.count == 64
    else { throw MessageFault("the first line must be ed25519: and 64 bytes in base64") }
    return SignedEnvelope(signature: signature, payload: Array(bytes[(end + 1)...]))
  }

  public func encoded() -> [UInt8] {
    Array("\(Self.prefix)\(Base64.text(signature))\n".utf8) + payload
  }
}

/// `down/list`: one part of a list version. Signed.
public struct UplinkListPart: Sendable, Equatable {
  public var id: String
  /// Whom it is for. The topic is only the broker's word, so it stands in the signed bytes; empty where it does not.
  public var site: String
  public var gateway: String
  public var version: Int64
  /// The version that the rows change; nil: the rows are the whole list.
  public var base: Int64?
  /// 1 to `parts`.
  public var part: Int64
  public var parts: Int64
  /// SHA-256 of all parts' rows one after another, 32 bytes.
  public var digest: [UInt8]
  /// CSV; the header stands in part 1 only.
  public var rows: String

  public init(
    id: String, for gateway: UplinkTopics, version: Int64, base: Int64?, part: Int64, parts: Int64,
    digest: [UInt8], rows: String
  ) {
    self.id = id
    site = gateway.site
    self.gateway = gateway.gateway
    self.version = version
    self.base = base
    self.part = part
    self.parts = parts
    self.digest = digest
    self.rows = rows
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkListPart {
    let members = try Members(line: payload, maximumBytes: MessageLimits.payloadBytes)
    let part = UplinkListPart(
      id: try members.string("id"), for: try members.receiver(), version: try members.listVersion("version"),
      base: members["base"] == nil ? nil : try members.listVersion("base"), part: try members.count("part"),
      parts: try members.count("parts"), digest: try members.digest("sha256"),
      rows: try members.string("rows", limit: MessageLimits.payloadBytes))
    guard part.part >= 1, part.part <= part.parts, part.parts <= MessageLimits.listParts else {
      throw MessageFault("'part' must be from 1 to 'parts', and 'parts' at most \(MessageLimits.listParts)")
    }
    return part
  }

  public func encoded() -> [UInt8] {
    JSONValue.object([
      ("id", .string(id)), ("site", .string(site)), ("gateway", .string(gateway)),
      ("version", .integer(version)), ("base", base.map { .integer($0) } ?? .null),
      ("part", .integer(part)), ("parts", .integer(parts)), ("sha256", .string(Hex.text(digest))),
      ("rows", .string(rows)),
    ]).encoded()
  }
}

/// `down/command`: HQ asks for something to be done now. Signed.
public struct UplinkCommand: Sendable, Equatable {
  public var id: String
  /// Whom it is for. The topic is only the broker's word, so it stands in the signed bytes; empty where it does not.
  public var site: String
  public var gateway: String
  /// As the last birth gave it.
  public var challenge: String
  public var verb: String
  public var point: String
  /// Not to be done at or after this moment.
  public var expires: Timestamp

  public init(
    id: String, for gateway: UplinkTopics, challenge: String, verb: String, point: String, expires: Timestamp
  ) {
    self.id = id
    site = gateway.site
    self.gateway = gateway.gateway
    self.challenge = challenge
    self.verb = verb
    self.point = point
    self.expires = expires
  }

  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkCommand {
    let members = try Members(line: payload)
    return UplinkCommand(
      id: try members.string("id"), for: try members.receiver(), challenge: try members.string("challenge"),
      verb: try members.string("verb"), point: try members.string("point"),
      expires: try members.time("expires"))
  }

  public func encoded() -> [UInt8] {
    JSONValue.object([
      ("id", .string(id)), ("site", .string(site)), ("gateway", .string(gateway)),
      ("challenge", .string(challenge)), ("verb", .string(verb)), ("point", .string(point)),
      ("expires", .string(expires.description)),
    ]).encoded()
  }
}

extension Members {
  /// Whom a signed message is for; empty where it does not say: the gateway that refuses it can still answer it by its id.
  fileprivate func receiver() throws(MessageFault) -> UplinkTopics {
    UplinkTopics(site: try optionalString("site") ?? "", gateway: try optionalString("gateway") ?? "")
  }
}
