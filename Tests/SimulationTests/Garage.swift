import ControlCore
import Site

/// The garage that the demo plays.
enum Garage {
  static let site: SiteDescription = {
    let root = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
    do throws(SiteFaults) {
      return try SiteFile.load(path: "/\(root)/hardware/sites/garage.json5", profiles: "/\(root)/hardware")
    } catch {
      fatalError("\(error.faults)")
    }
  }()

  static func point(_ name: String) -> PointIndex { PointIndex(site.pointNames.firstIndex(of: name)!) }
  static func input(_ name: String) -> InputIndex { InputIndex(site.inputNames.firstIndex(of: name)!) }
  static func output(_ name: String) -> OutputIndex { OutputIndex(site.outputNames.firstIndex(of: name)!) }
}
