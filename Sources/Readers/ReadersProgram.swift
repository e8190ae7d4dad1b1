import Glibc
import Platform
import Site

/// `gatehouse-readers --site FILE [--state DIR] [--run DIR] [--profiles DIR] [--install-window SECONDS]`
public enum ReadersProgram {
  /// - Returns: 0 once told to stop; 1 where the site file or a key is no good; 2 on misuse.
  public static func run(_ arguments: [String]) -> Int32 {
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
      return serve(description, run: options["--run"] ?? "/run/gatehouse", installSeconds: window)
    } catch {
      for fault in error.faults { say("\(fault)") }
      return 1
    }
  }

  private static func serve(_ site: SiteDescription, run: String, installSeconds: Int) -> Int32 {
    SignalWait.ignoreBrokenPipes()
    let signals = SignalWait([SIGTERM, SIGINT])
    do {
      let service = try ReadersService(
        site: site, ingressPath: "\(run)/ingress.sock", installSeconds: installSeconds, note: say)
      defer { service.stop() }
      guard !service.readers.isEmpty else {
        say("\(site.path): no reader is on a serial line: there is nothing to listen to")
        return 1
      }
      say("listening to \(service.readers.joined(separator: ", "))")
      try? ServiceNotifier().send("READY=1")
      while signals.next(milliseconds: 60_000) == nil {}
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
