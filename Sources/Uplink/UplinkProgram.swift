import Broker
import Journal
import Messages
import Platform
public import Site

/// `gatehouse-uplink --site FILE [--state DIR] [--run DIR] [--profiles DIR]`
public enum UplinkProgram {
  /// - Returns: 0 once told to stop; 1 where the site file is no good or names no broker; 2 on misuse.
  public static func run(_ arguments: [String]) -> Int32 {
    let options: ProgramOptions
    let path: String
    do {
      options = try ProgramOptions(arguments, valued: ["--site", "--state", "--run", "--profiles"])
      path = try options.required("--site")
    } catch {
      say("\(error)")
      return 2
    }
    do {
      let site = try SiteFile.load(path: path, profiles: options["--profiles"])
      return serve(
        site, state: options["--state"] ?? "/var/lib/gatehouse", run: options["--run"] ?? "/run/gatehouse")
    } catch {
      for fault in error.faults { say("\(fault)") }
      return 1
    }
  }

  private static func serve(_ site: SiteDescription, state: String, run: String) -> Int32 {
    guard let uplink = site.uplink else {
      say("\(site.path): uplink is missing: there is no broker to connect to")
      return 1
    }
    let settings: UplinkSettings
    do {
      settings = try Self.settings(site, uplink, state: state, run: run)
    } catch {
      say("\(site.path): uplink.broker: \(error)")
      return 1
    }
    if let key = uplink.hqPublicKey, VerifyingKey(key) == nil {
      say(
        "\(site.path): uplink.hq_public_key: must be ed25519: and 32 bytes in base64, as gatehouse-hq keygen prints it"
      )
      return 1
    }
    SignalWait.ignoreBrokenPipes()
    let signals = SignalWait([Signal.terminate, Signal.interrupt])
    var isStopped = false
    var service = UplinkService(settings, note: say) {
      if !isStopped { isStopped = signals.next(milliseconds: 0) != nil }
      return isStopped
    }
    try? ServiceNotifier().send("READY=1")
    service.run()
    return 0
  }

  /// What the site file says, as the service takes it.
  public static func settings(
    _ site: SiteDescription, _ uplink: UplinkDescription, state: String, run: String
  ) throws -> UplinkSettings {
    // A broker ends a connection when another comes under its name: nobody can know this one's.
    let name = "gatehouse-\(site.gateway.site)-\(site.gateway.id)-\(Hex.text(RandomBytes.make(8)))"
    let broker = try BrokerSettings(
      broker: uplink.broker, client: name,
      authorityFile: uplink.caFile, certificateFile: uplink.certFile, keyFile: uplink.keyFile,
      insecure: uplink.insecure)
    return UplinkSettings(
      site: site.gateway.site, gateway: site.gateway.id, broker: broker, database: "\(state)/gatehouse.db",
      control: ControlClient(path: "\(run)/control.sock"), publicKey: uplink.hqPublicKey, batch: uplink.batch,
      window: uplink.window)
  }

  @Sendable private static func say(_ text: String) {
    StandardError.write("gatehouse-uplink: \(text)")
  }
}
