import Glibc
import Platform
import Site

/// `gatehouse-readers --site FILE [--state DIR] [--run DIR] [--profiles DIR] [--install-window SECONDS]`
public enum ReadersProgram {
  /// Where the site has no reader on a serial line it says so and stays.
  /// - Returns: 0 once told to stop; 1 where the site file or a key is no good; 2 on misuse.
  public static func run(_ arguments: [String]) -> Int32 {
    SignalWait.ignoreBrokenPipes()
    let signals = SignalWait([SIGTERM, SIGINT])
    return run(arguments) { while signals.next(milliseconds: 60_000) == nil {} }
  }

  /// - Parameter waitForTheEnd: returns once the program is told to stop.
  static func run(_ arguments: [String], waitForTheEnd: () -> Void) -> Int32 {
    let options: ProgramOptions
    let site: String
    do {
      options = try ProgramOptions(
        arguments, valued: ["--site", "--state", "--run", "--profiles", "--install-window"])
      site = try options.required("--site")
    } catch {
      say("\(error)")
      return 2
    }
    let window = Int(options["--install-window"] ?? "0")
    guard let window, (0...ReadersLimits.installSeconds).contains(window) else {
      say("--install-window wants seconds from 0 to \(ReadersLimits.installSeconds)")
      return 2
    }
    do {
      let description = try SiteFile.load(path: site, profiles: options["--profiles"])
      return serve(
        description, run: options["--run"] ?? "/run/gatehouse", installSeconds: window, waitForTheEnd)
    } catch {
      for fault in error.faults { say("\(fault)") }
      return 1
    }
  }

  private static func serve(
    _ site: SiteDescription, run: String, installSeconds: Int, _ waitForTheEnd: () -> Void
  ) -> Int32 {
    do {
      let service = try ReadersService(
        site: site, ingressPath: "\(run)/ingress.sock", installSeconds: installSeconds, note: say)
      defer { service.stop() }
      // Not an end: a service manager would start it again and again for nothing.
      if service.readers.isEmpty {
        say("\(site.path): no reader is on a serial line: there is nothing to listen to until that changes")
      } else {
        say("listening to \(service.readers.joined(separator: ", "))")
      }
      try? ServiceNotifier().send("READY=1")
      waitForTheEnd()
      return 0
    } catch {
      say("\(error)")
      return 1
    }
  }

  @Sendable private static func say(_ text: String) {
    StandardError.write("gatehouse-readers: \(text)")
  }
}
