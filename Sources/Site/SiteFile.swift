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
  /// Reads, checks and resolves a site file.
  ///
  /// Device and board profiles are looked for in `profiles` (the folder `hardware/`), then beside the site file.
  /// - Throws: ``SiteFaults`` with every fault found, never only the first.
  public static func load(path: String, profiles: String?) throws(SiteFaults) -> SiteDescription {
    throw SiteFaults([SiteFault(file: path, path: "", text: "not read yet")])
  }
}
