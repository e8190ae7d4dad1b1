import Glibc
import Platform
import Site

/// `gatehouse-cameras --site FILE [--state DIR] [--run DIR] [--listen ADDRESS:PORT]`
public enum CamerasProgram {
  /// - Returns: 0 once told to stop; 1 where the site file or the address is no good; 2 on misuse.
  public static func run(_ arguments: [String]) -> Int32 {
    let options: ProgramOptions
    let site: String
    do {
      options = try ProgramOptions(
        arguments, valued: ["--site", "--state", "--run", "--listen", "--profiles"])
      site = try options.required("--site")
    } catch {
      say("\(error)")
      return 2
    }
    guard let address = ListenAddress(options["--listen"] ?? ListenAddress.standard.description) else {
      say("--listen wants an address and a port like 127.0.0.1:8417")
      return 2
    }
    do {
      let description = try SiteFile.load(path: site, profiles: options["--profiles"])
      return serve(description, run: options["--run"] ?? "/run/gatehouse", address: address)
    } catch {
      for fault in error.faults { say("\(fault)") }
      return 1
    }
  }

  private static func serve(_ site: SiteDescription, run: String, address: ListenAddress) -> Int32 {
    SignalWait.ignoreBrokenPipes()
    let signals = SignalWait([SIGTERM, SIGINT])
    let readers = site.companionReaders.filter { $0.kind == "plate" }.map(\.name)
    guard !readers.isEmpty else {
      say("\(site.path): no reader is of the kind plate: there is no camera to listen for")
      return 1
    }
    let receiver = CameraReceiver(readers: Set(readers), ingressPath: "\(run)/ingress.sock", note: say)
    do {
      let server = try HTTPServer(address: address) { receiver.answer($0) }
      say("listening on \(address.host):\(server.port) for \(readers.joined(separator: ", "))")
      try? ServiceNotifier().send("READY=1")
      while signals.next(milliseconds: 60_000) == nil {}
      server.stop()
      return 0
    } catch {
      say("\(error)")
      return 1
    }
  }

  @Sendable private static func say(_ text: String) {
    StandardError.write("gatehouse-cameras: \(text)")
  }
}
