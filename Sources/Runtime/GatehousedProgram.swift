import Platform
import Site

/// The program `gatehoused`: its command line, and what it does with it.
public enum GatehousedProgram {
  public static var usage: String {
    """
    usage: gatehoused --site FILE [--state DIR] [--run DIR] [--profiles DIR] [--check]

      --site FILE      the site file (JSON5)
      --state DIR      where the log and the list are kept    (/var/lib/gatehouse)
      --run DIR        where the sockets are made             (/run/gatehouse)
      --profiles DIR   boards and devices: the folder hardware (next to the site file)
      --check          say every fault of the site file, or how it is wired, and end
    """
  }

  /// - Parameter arguments: without the program's own name.
  /// - Returns: the exit status: 0 done, 1 the answer is no, 2 misuse.
  public static func run(_ arguments: [String]) -> Int32 {
    var site: String?
    var profiles: String?
    var check = false
    var options = ControllerOptions()
    var rest = arguments[...]
    while let word = rest.popFirst() {
      switch word {
      case "--check": check = true
      case "--help", "-h":
        print(usage)
        return 0
      case "--site", "--state", "--run", "--profiles":
        guard let value = rest.popFirst(), !value.isEmpty else { return misuse("\(word) needs a value") }
        switch word {
        case "--site": site = value
        case "--state": options.stateDirectory = value
        case "--run": options.runDirectory = value
        default: profiles = value
        }
      default: return misuse("unknown option '\(word)'")
      }
    }
    guard let site else { return misuse("--site is missing") }
    return start(site: site, profiles: profiles, check: check, options: options)
  }

  private static func misuse(_ text: String) -> Int32 {
    StandardError.write("gatehoused: \(text)\n\(usage)")
    return 2
  }

  private static func start(
    site path: String, profiles: String?, check: Bool, options: ControllerOptions
  ) -> Int32 {
    do {
      let site = try SiteFile.load(path: path, profiles: profiles)
      if check {
        for line in site.report() { print(line) }
        return 0
      }
      return try serve(site, options)
    } catch let faults as SiteFaults {
      for fault in faults.faults { StandardError.write("\(fault)") }
      return 1
    } catch {
      StandardError.write("gatehoused: \(error)")
      return 1
    }
  }

  private static func serve(_ site: SiteDescription, _ options: ControllerOptions) throws(SystemError)
    -> Int32
  {
    Files.setCreationMask(0o027)
    try Files.makeDirectory(options.runDirectory)
    var supervisor = try Guard(site: site, options: options)
    return supervisor.run()
  }
}
