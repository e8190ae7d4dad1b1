import AccessPolicy

/// Finds a zone in the system's time zone database.
enum ZoneFile {
  struct Trouble: Error {
    var text: String
  }

  static let folder = "/usr/share/zoneinfo"

  static func load(_ name: String) throws(Trouble) -> ZoneRules {
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    let plain = parts.allSatisfy { part in
      !part.isEmpty && part != "." && part != ".."
        && part.unicodeScalars.allSatisfy {
          $0.isASCII && ($0.properties.isAlphabetic || "0123456789_+-".unicodeScalars.contains($0))
        }
    }
    guard plain, SmallFile.exists("\(folder)/\(name)") else {
      throw Trouble(text: "there is no zone '\(name)' in \(folder); \(advice(name))")
    }
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.read("\(folder)/\(name)", limit: SiteLimits.zoneFileSize)
    } catch {
      throw Trouble(text: "\(folder)/\(name) \(error.text)")
    }
    do {
      return try ZoneRules(tzif: bytes)
    } catch {
      throw Trouble(text: "\(folder)/\(name): \(error); must be a zone like Europe/Berlin")
    }
  }

  private static func advice(_ name: String) -> String {
    let names = SmallFile.paths(below: folder).filter {
      !$0.hasPrefix("posix/") && !$0.hasPrefix("right/") && !$0.contains(".")
    }
    if names.isEmpty { return "the package tzdata is not installed" }
    return NearestName.of(name, in: names).map { "did you mean '\($0)'?" } ?? "a name is like Europe/Berlin"
  }
}
