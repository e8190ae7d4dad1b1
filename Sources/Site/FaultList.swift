import ControlCore

/// Where something stands in a file: `points.lane1.outputs.raise`, `interlocks[0][1]`.
struct KeyPath: Hashable, Sendable, CustomStringConvertible {
  private(set) var description: String = ""

  static let root = KeyPath()

  func key(_ name: String) -> KeyPath {
    var path = self
    path.description += path.description.isEmpty ? name : ".\(name)"
    return path
  }

  func element(_ position: Int) -> KeyPath {
    var path = self
    path.description += "[\(position)]"
    return path
  }
}

/// The faults and notes of one file in the order in which they were found.
///
/// A reference, since every part of the reading adds to the same list.
final class FaultList {
  let file: String
  private(set) var faults: [SiteFault] = []
  private(set) var notes: [SiteFault] = []

  init(file: String) {
    self.file = file
  }

  func add(_ path: KeyPath, _ text: String) {
    faults.append(SiteFault(file: file, path: path.description, text: text))
  }

  func note(_ path: KeyPath, _ text: String) {
    notes.append(SiteFault(file: file, path: path.description, text: text))
  }

  /// Takes over what was found in a profile, which has a file name of its own.
  func take(_ other: FaultList) {
    faults += other.faults
    notes += other.notes
  }
}
