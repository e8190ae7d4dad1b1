import FoundationEssentials

/// `host:port`, `[::1]:port` or `host` alone.
struct HostPort: Equatable {
  var host: String
  var port: Int

  init?(_ text: String, defaultPort: Int) {
    var rest = Substring(text)
    if rest.hasPrefix("[") {
      guard let end = rest.firstIndex(of: "]") else { return nil }
      host = String(rest[rest.index(after: rest.startIndex)..<end])
      rest = rest[rest.index(after: end)...]
      guard rest.isEmpty || rest.hasPrefix(":") else { return nil }
    } else {
      let end = rest.firstIndex(of: ":") ?? rest.endIndex
      host = String(rest[..<end])
      rest = rest[end...]
    }
    guard !host.isEmpty, host.utf8.count <= 253, !host.contains(where: { " /@?#".contains($0) }) else {
      return nil
    }
    if rest.isEmpty {
      port = defaultPort
    } else {
      guard let number = Int(rest.dropFirst()), SiteLimits.port.contains(number) else { return nil }
      port = number
    }
  }
}

enum Base64 {
  /// How many bytes `text` stands for, or nil where it is no base64.
  static func count(_ text: String) -> Int? {
    Data(base64Encoded: text)?.count
  }
}
