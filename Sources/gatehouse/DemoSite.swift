import AccessPolicy
import ControlCore
import Platform
import Site

/// The demo's own copy of a site: the same site on free ports, with a group that may never come in now.
struct DemoSite {
  var description: SiteDescription
  var text: String
  /// The group was put in, so that "out of hours" can be shown at any hour.
  var hasClosedGroup: Bool

  /// The allow-list: the CSV file of the same name beside the site.
  var list: String

  static let closedGroup = "demo_closed"

  /// - Throws: ``DemoFault`` where the file cannot be read or is not a site.
  init(path: String, profiles: String?) throws(DemoFault) {
    list = path.hasSuffix(".json5") ? path.dropLast(6) + ".csv" : path + ".csv"
    guard Files.exists(list) else { throw DemoFault("the demo needs the allow-list \(list) beside the site") }
    let plain: String
    do throws(SystemError) {
      plain = String(decoding: try Files.read(path), as: UTF8.self)
    } catch {
      throw DemoFault("\(error)")
    }
    let closed = Self.withClosedGroup(plain)
    if let site = try? SiteFile.read(Array(closed.utf8), path: path, profiles: profiles) {
      (description, text, hasClosedGroup) = (site, closed, true)
      return
    }
    do throws(SiteFaults) {
      description = try SiteFile.read(Array(plain.utf8), path: path, profiles: profiles)
      (text, hasClosedGroup) = (plain, false)
    } catch {
      throw DemoFault(error.faults.map(\.description).joined(separator: "\n"))
    }
  }

  private static func withClosedGroup(_ text: String) -> String {
    text
      .inserting(" \(closedGroup): { mon: [] },", after: "schedules: {")
      .inserting(
        " \(closedGroup): { points: [\"lane2\"], schedule: \"\(closedGroup)\" },", after: "groups: {")
  }

  /// The text with each TCP bus on the port that the played field listens on.
  func text(ports: [Int?]) -> String {
    var result = text
    for (bus, port) in zip(description.buses, ports) {
      guard let port, case .tcp(let host, let old) = bus.link else { continue }
      result = result.replacing("\"\(host):\(old)\"", with: "\"\(host):\(port)\"")
    }
    return result
  }

  // MARK: The cast

  func point(where fits: (PointSetting) -> Bool) -> PointIndex? {
    description.control.points.firstIndex(where: fits).map { PointIndex($0) }
  }

  func lane(_ side: Side) -> PointIndex? {
    point { if case .barrier(let barrier) = $0 { barrier.direction == side } else { false } }
  }

  var gate: PointIndex? { point { if case .gate = $0 { true } else { false } } }

  var door: PointIndex? { point { if case .door = $0 { true } else { false } } }

  func reader(_ point: PointIndex, _ kind: CredentialKind) -> String? {
    description.policy.readers.first { $0.point == point && $0.kind == kind }?.name
  }

  func name(_ point: PointIndex) -> String { description.pointNames[point.position] }
}

extension String {
  fileprivate func inserting(_ added: String, after mark: String) -> String {
    guard let range = firstRange(of: mark) else { return self }
    return self[..<range.upperBound] + added + self[range.upperBound...]
  }
}
