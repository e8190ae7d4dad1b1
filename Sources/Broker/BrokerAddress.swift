/// Where a broker is, and whether the way to it is encrypted: `mqtts://HOST[:PORT]` or `mqtt://HOST[:PORT]`.
public struct BrokerAddress: Sendable, Equatable {
  public var host: String
  public var port: Int32
  public var encrypted: Bool

  /// Nil where the text is not such an address.
  public init?(_ text: String) {
    let rest: Substring
    if text.hasPrefix("mqtts://") {
      encrypted = true
      rest = text.dropFirst(8)
    } else if text.hasPrefix("mqtt://") {
      encrypted = false
      rest = text.dropFirst(7)
    } else {
      return nil
    }
    let end: Substring.Index
    if rest.hasPrefix("[") {
      guard let close = rest.firstIndex(of: "]") else { return nil }
      host = String(rest[rest.index(after: rest.startIndex)..<close])
      end = rest.index(after: close)
    } else {
      end = rest.firstIndex(of: ":") ?? rest.endIndex
      host = String(rest[..<end])
    }
    guard !host.isEmpty, host.utf8.count <= 253,
      host.utf8.allSatisfy({ $0 > 0x20 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "@") })
    else { return nil }
    if end == rest.endIndex {
      port = encrypted ? 8_883 : 1_883
    } else {
      guard rest[end] == ":", let number = Int32(rest[rest.index(after: end)...]),
        (1...65_535).contains(number)
      else {
        return nil
      }
      port = number
    }
  }

  /// This machine itself, told by the text alone: no name is looked up.
  public var isLoopback: Bool {
    if host == "localhost" || host == "::1" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
