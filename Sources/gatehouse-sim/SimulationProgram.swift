import Platform
import Site

/// The program `gatehouse-sim`: a site on a virtual clock, or its plant in real time.
enum SimulationProgram {
  static let usage = """
    usage: gatehouse-sim twin --seed N --hours H [--site FILE] [--hardware DIR] [--json]
                         [--show FROM-TO]
           gatehouse-sim field --site FILE [--run DIR] [--hardware DIR]
           gatehouse-sim estate --gateways N --records M --broker URL[,URL...] --state DIR [--first F]
                         [--rate R] [--for SECONDS] [--insecure] [--ca FILE] [--json]

      twin    plays the site with traffic and faults on a virtual clock and watches every
              promise; the same seed is the same run; exit 1 on a broken promise; --show
              tells what happens between two virtual milliseconds
      field   plays the plant for a running gatehoused; takes orders from standard input
      estate  N gateways, each with its own log of M records, R a second, send to the broker
              until headquarters has acknowledged all; exit 1 where that takes too long
    """

  /// - Returns: the exit status: 0 done, 1 a broken promise, 2 misuse.
  static func run(_ arguments: [String]) -> Int32 {
    SignalWait.ignoreBrokenPipes()
    do {
      switch arguments.first {
      case "twin": return try TwinRun.run(Array(arguments.dropFirst()))
      case "field": return try FieldRun.run(Array(arguments.dropFirst()))
      case "estate": return try EstateRun.run(Array(arguments.dropFirst()))
      case "--help", "-h", "help":
        print(usage)
        return 0
      default:
        StandardError.write(usage)
        return 2
      }
    } catch {
      StandardError.write("gatehouse-sim: \(error)")
      return 2
    }
  }

  static func site(_ path: String, profiles: String?) throws -> SiteDescription {
    do {
      return try SiteFile.load(path: path, profiles: profiles)
    } catch {
      throw ProgramFault(description: error.faults.map(\.description).joined(separator: "\n"))
    }
  }
}

/// What the program says before it ends.
struct ProgramFault: Error, CustomStringConvertible {
  var description: String
}
