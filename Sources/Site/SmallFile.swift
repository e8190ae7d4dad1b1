import FoundationEssentials

/// Reads a whole regular file, with a bound: a device file or a pipe as a site file would never end.
enum SmallFile {
  struct Trouble: Error {
    var text: String
  }

  static func read(_ path: String, limit: Int) throws(Trouble) -> [UInt8] {
    let file = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
    let attributes: [FileAttributeKey: Any]
    do {
      attributes = try FileManager.default.attributesOfItem(atPath: file)
    } catch {
      throw Trouble(text: "cannot be read (\(reason(error))); must be a file that this user may read")
    }
    guard attributes[.type] as? FileAttributeType == .typeRegular else {
      throw Trouble(text: "is not a regular file")
    }
    guard let size = size(attributes[.size]), size <= limit else {
      throw Trouble(text: "is larger than \(limit) bytes")
    }
    do {
      let data = try Data(contentsOf: URL(fileURLWithPath: file))
      guard data.count <= limit else { throw Trouble(text: "is larger than \(limit) bytes") }
      return [UInt8](data)
    } catch let trouble as Trouble {
      throw trouble
    } catch {
      throw Trouble(text: "cannot be read (\(reason(error))); must be a file that this user may read")
    }
  }

  /// Where a program has loaded Foundation the size is an NSNumber and casts to Int; where it has only
  /// FoundationEssentials it keeps whichever integer type that chose.
  private static func size(_ attribute: Any?) -> Int? {
    attribute as? Int ?? (attribute as? any BinaryInteger).map { Int(clamping: $0) }
  }

  static func exists(_ path: String) -> Bool {
    FileManager.default.fileExists(atPath: path)
  }

  /// Names in a folder; none where it cannot be read.
  static func names(in folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
  }

  /// Paths below a folder, relative to it; none where it cannot be read.
  static func paths(below folder: String) -> [String] {
    (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
  }

  /// `name` as it is where absolute, else beside the file at `path`.
  static func beside(_ path: String, _ name: String) -> String {
    if name.hasPrefix("/") { return name }
    let folder = folder(of: path)
    return folder.isEmpty ? name : "\(folder)/\(name)"
  }

  /// `hardware/sites` of `hardware/sites/garage.json5`; empty for a bare name.
  static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "" }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func reason(_ error: any Error) -> String {
    guard let error = error as? CocoaError else { return "\(error)" }
    switch error.code {
    case .fileReadNoSuchFile, .fileNoSuchFile: return "no such file"
    case .fileReadNoPermission: return "permission denied"
    default: return "Cocoa error \(error.code.rawValue)"
    }
  }
}
