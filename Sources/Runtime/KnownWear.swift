import ControlCore
import Site

/// What every point and output has done in its life; by their places in the site.
struct KnownWear: Equatable {
  var points: [PointWear]
  var operations: [UInt32]

  init(points: Int, outputs: Int) {
    self.points = Array(repeating: PointWear(), count: points)
    operations = Array(repeating: 0, count: outputs)
  }

  init(_ snapshot: borrowing ScanSnapshot, points: Int, outputs: Int) {
    self.points = []
    operations = []
    for place in 0..<points { self.points.append(snapshot.wear[place]) }
    for place in 0..<outputs { operations.append(snapshot.operations[place]) }
  }

  /// A count that fell was reset by a person.
  func isReset(since before: KnownWear) -> Bool {
    points.indices.contains {
      points[$0].cycles < before.points[$0].cycles
        || points[$0].opening.count < before.points[$0].opening.count
    }
  }

  func applied(to setting: ControllerSetting) -> ControllerSetting {
    var setting = setting
    setting.wear = points
    for place in operations.indices { setting.outputs[place].operations = operations[place] }
    return setting
  }
}
