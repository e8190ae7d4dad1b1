import ControlCore
import Messages
import Platform
import Simulation

/// `gatehouse-sim twin`: hours of a site in seconds.
enum TwinRun {
  static func run(_ arguments: [String]) throws -> Int32 {
    let options = try ProgramOptions(
      arguments, valued: ["--seed", "--hours", "--site", "--hardware", "--show"], bare: ["--json"])
    guard let seed = UInt64(try options.required("--seed")) else {
      throw ProgramFault(description: "--seed needs a whole number")
    }
    guard let hours = Int(try options.required("--hours")), (1...SimulationLimits.hours).contains(hours)
    else {
      throw ProgramFault(description: "--hours needs a whole number from 1 to \(SimulationLimits.hours)")
    }
    let hardware = options["--hardware"] ?? HardwareFolder.find()
    guard let path = options["--site"] ?? hardware.map({ "\($0)/sites/garage.json5" }) else {
      throw ProgramFault(description: "no site: name it with --site, or the folder hardware with --hardware")
    }
    let site = try SimulationProgram.site(path, profiles: hardware)
    var twin = Twin(site: site, seed: seed, length: .seconds(UInt64(hours) * 3_600))
    if let window = options["--show"] { twin.witness = try witness(window) }
    let report = twin.run()
    if options.has("--json") {
      print(json(report, hours: hours).text)
    } else {
      print("seed \(report.seed): \(hours) hours, \(report.events) events, \(report.faults) faults")
      for detail in report.details { print("  broken: \(detail)") }
      print("\(report.violations) promises broken, trace \(report.traceHash)")
    }
    return report.violations == 0 ? 0 : 1
  }

  /// `FROM-TO` in virtual milliseconds, as violations are dated: what happens there goes to standard error.
  private static func witness(_ window: String) throws -> (Instant, String) -> Void {
    let ends = window.split(separator: "-").compactMap { UInt64($0) }
    guard ends.count == 2, ends[0] <= ends[1] else {
      throw ProgramFault(description: "--show needs FROM-TO in milliseconds, such as 12000-15000")
    }
    return { now, text in
      let milliseconds = now.nanoseconds / 1_000_000
      if (ends[0]...ends[1]).contains(milliseconds) { StandardError.write("\(milliseconds) ms  \(text)") }
    }
  }

  private static func json(_ report: TwinReport, hours: Int) -> JSONValue {
    [
      "seed": .integer(Int64(clamping: report.seed)), "hours": .integer(Int64(hours)),
      "events": .integer(Int64(report.events)), "faults": .integer(Int64(report.faults)),
      "violations": .integer(Int64(report.violations)), "trace_hash": .string(report.traceHash),
      "details": .array(report.details.map { .string($0) }),
    ]
  }
}
