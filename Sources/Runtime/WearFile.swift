import ControlCore
import Messages
import Platform
import Site

/// `wear.json` in the state directory: counts and learned travels by name, as a person could read and correct it.
///
/// What the site has not any more is left out at the next writing; what is new there begins at zero.
struct WearFile {
  let path: String
  private let points: [String]
  private let outputs: [String]

  init(directory: String, site: SiteDescription) {
    path = "\(directory)/wear.json"
    points = site.pointNames
    outputs = site.outputNames
  }

  var nothing: KnownWear { KnownWear(points: points.count, outputs: outputs.count) }

  /// What the file says, and why nothing could be read where it says nothing. No file is no wear.
  func read() -> (wear: KnownWear, fault: String?) {
    guard Files.exists(path) else { return (nothing, nil) }
    do throws(SystemError) {
      let bytes = try Files.read(path, limit: RuntimeLimits.wearFileBytes)
      guard let value = try? JSONValue.parse(bytes, maximumBytes: RuntimeLimits.wearFileBytes),
        let wear = parse(value)
      else { return (nothing, "\(path): not what was written to it") }
      return (wear, nil)
    } catch {
      return (nothing, "\(error)")
    }
  }

  private func parse(_ value: JSONValue) -> KnownWear? {
    guard let rows = value["points"]?.arrayValue, let counts = value["outputs"]?.arrayValue else {
      return nil
    }
    var wear = nothing
    for row in rows {
      guard let name = row["name"]?.stringValue, let found = point(row) else { return nil }
      if let place = points.firstIndex(of: name) { wear.points[place] = found }
    }
    for row in counts {
      guard let name = row["name"]?.stringValue, let count = count(row["operations"]) else { return nil }
      if let place = outputs.firstIndex(of: name) { wear.operations[place] = count }
    }
    return wear
  }

  private func point(_ row: JSONValue) -> PointWear? {
    var wear = PointWear()
    guard let cycles = count(row["cycles"]), let reversals = count(row["reversals"]),
      let tailgates = count(row["tailgates"]), let opening = travel(row["opening"]),
      let closing = travel(row["closing"])
    else { return nil }
    (wear.cycles, wear.reversals, wear.tailgates) = (cycles, reversals, tailgates)
    (wear.opening, wear.closing) = (opening, closing)
    return wear
  }

  private func count(_ value: JSONValue?) -> UInt32? {
    value?.integerValue.flatMap { UInt32(exactly: $0) }
  }

  private func travel(_ value: JSONValue?) -> LearnedTravel? {
    guard let count = count(value?["count"]), count <= Limits.travelsLearned,
      let total = count == 0 ? 0 : value?["total_us"]?.integerValue,
      (0...Int64(Limits.longestDuration.microseconds)).contains(total)
    else { return nil }
    var travel = LearnedTravel()
    travel.count = UInt64(count)
    travel.total = .microseconds(UInt64(total))
    return travel
  }

  /// Durable when it returns.
  func write(_ wear: KnownWear) throws(SystemError) {
    let rows = points.indices.map { place -> JSONValue in
      let point = wear.points[place]
      return [
        "name": .string(points[place]), "cycles": .integer(Int64(point.cycles)),
        "reversals": .integer(Int64(point.reversals)), "tailgates": .integer(Int64(point.tailgates)),
        "opening": words(point.opening), "closing": words(point.closing),
      ]
    }
    let counts = outputs.indices.map { place -> JSONValue in
      ["name": .string(outputs[place]), "operations": .integer(Int64(wear.operations[place]))]
    }
    let value = JSONValue.object([("points", .array(rows)), ("outputs", .array(counts))])
    try Files.write(value.encoded() + [0x0A], to: path)
    try Files.syncDirectory(of: path)
  }

  private func words(_ travel: LearnedTravel) -> JSONValue {
    ["count": .integer(Int64(travel.count)), "total_us": .integer(Int64(travel.total.microseconds))]
  }
}
