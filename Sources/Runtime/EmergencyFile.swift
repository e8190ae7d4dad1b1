import ControlCore
import Messages
import Platform

/// `emergencies.json` in the state directory: the plans that hold, by name, as a person could read and correct it.
///
/// The log tells the same story, but not for sure: a full card keeps its records waiting, retention drops the oldest,
/// and a damaged database is set aside. This file is some bytes that say how it stands now.
struct EmergencyFile {
  /// What the file said at the start of the machine's controller.
  struct Found: Equatable {
    var held = HeldEmergencies()
    /// Plans that held and that the site does not have any more.
    var gone: [String] = []
    /// Why nothing could be read; nil where all is well.
    var fault: String?
  }

  let path: String
  private let directory: String
  private let plans: [String]

  /// - Parameter plans: the site's, by their place.
  init(directory: String, plans: [String]) {
    self.directory = directory
    path = "\(directory)/emergencies.json"
    self.plans = plans
  }

  func read() -> Found {
    do throws(SystemError) {
      return parse(try Files.read(path, limit: RuntimeLimits.emergencyFileBytes))
    } catch {
      // A box that starts for the first time has no log either.
      if !Files.exists(path), !Files.exists("\(directory)/gatehouse.db") { return Found() }
      return Found(fault: "\(error)")
    }
  }

  private func parse(_ bytes: [UInt8]) -> Found {
    guard let value = try? JSONValue.parse(bytes, maximumBytes: RuntimeLimits.emergencyFileBytes),
      let rows = value["held"]?.arrayValue
    else { return Found(fault: "\(path): not what was written to it") }
    var found = Found()
    for row in rows {
      guard let name = row["plan"]?.stringValue, let drill = row["drill"]?.boolValue else {
        return Found(fault: "\(path): not what was written to it")
      }
      if let place = plans.firstIndex(of: name) {
        // A file of an earlier version does not say it: then a person ends the plan.
        found.held.hold(
          PlanIndex(place), drill: drill, called: row["called"]?.boolValue ?? false)
      } else {
        found.gone.append(name)
      }
    }
    return found
  }

  /// Durable when it returns.
  func write(_ held: HeldEmergencies) throws(SystemError) {
    let rows = plans.indices.filter { held.holds(PlanIndex($0)) }.map { place -> JSONValue in
      [
        "plan": .string(plans[place]), "drill": .bool(held.isDrill(PlanIndex(place))),
        "called": .bool(held.isCalled(PlanIndex(place))),
      ]
    }
    try Files.write(JSONValue.object([("held", .array(rows))]).encoded() + [0x0A], to: path)
    try Files.syncDirectory(of: path)
  }
}
