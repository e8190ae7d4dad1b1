import AccessPolicy
import ControlCore

/// One fault in a site file: where, what is wrong, and what would be right.
public struct SiteFault: Error, Equatable, Sendable, CustomStringConvertible {
  public var file: String
  /// `points.lane1.outputs.raise`
  public var path: String
  public var text: String

  public init(file: String, path: String, text: String) {
    self.file = file
    self.path = path
    self.text = text
  }

  public var description: String { path.isEmpty ? "\(file): \(text)" : "\(file): \(path): \(text)" }
}

public struct SiteFaults: Error, Equatable, Sendable {
  public var faults: [SiteFault]

  public init(_ faults: [SiteFault]) {
    self.faults = faults
  }
}

public enum SiteFile {
  /// Reads, checks and resolves a site file of at most 1 MiB.
  ///
  /// Device and board profiles are looked for in the folder that the file's `profiles` names, in `profiles` (the
  /// folder `hardware/`), beside the site file, one folder above it, and in /usr/share/gatehouse and
  /// /usr/local/share/gatehouse; the first that has the name wins.
  /// - Throws: ``SiteFaults`` with every fault found, never only the first.
  public static func load(path: String, profiles: String?) throws(SiteFaults) -> SiteDescription {
    let bytes: [UInt8]
    do {
      bytes = try SmallFile.read(path, limit: SiteLimits.fileSize)
    } catch {
      throw SiteFaults([SiteFault(file: path, path: "", text: error.text)])
    }
    return try read(bytes, path: path, profiles: profiles)
  }

  /// Reads a site from memory; `path` names it in faults, and files that it names are looked for beside `path`.
  /// - Throws: ``SiteFaults`` with every fault found, never only the first.
  public static func read(
    _ bytes: [UInt8], path: String, profiles: String?
  ) throws(SiteFaults) -> SiteDescription {
    let faults = FaultList(file: path)
    guard let file = ParsedFile(bytes, .root, faults) else { throw SiteFaults(faults.faults) }
    var reader = SiteReader(path: path, file: file, faults: faults, profiles: profiles)
    reader.read()
    guard faults.faults.isEmpty else { throw SiteFaults(faults.faults) }
    return reader.description()
  }
}
