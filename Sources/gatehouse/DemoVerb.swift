import Glibc
import Messages
import Platform
import Shell
import Simulation

extension Verb {
  /// The real controller on a played site, with what it promises.
  static let demo = Verb(
    "demo", "[--for SECONDS] [--site FILE] [--hardware DIR] [--keep]",
    help: "a minute of a garage, run by the real controller", role: .anybody,
    options: ["--for", "--site", "--hardware"], flags: ["--keep"]
  ) { call throws(ShellFault) in
    let seconds = try call.words.count("--for") ?? 60
    guard Double(seconds) >= Demo.shortest else {
      throw .misuse("--for needs at least \(Int(Demo.shortest)) seconds: there is nothing to see in less")
    }
    guard let hardware = call.words["--hardware"] ?? HardwareFolder.find() else {
      throw .misuse("the folder 'hardware' is not found: name it with --hardware or GATEHOUSE_HARDWARE")
    }
    let site: DemoSite
    do throws(DemoFault) {
      site = try DemoSite(path: call.words["--site"] ?? "\(hardware)/sites/garage.json5", profiles: hardware)
    } catch {
      throw .misuse("\(error)")
    }
    do {
      return try play(site, hardware, Double(seconds), call)
    } catch let fault as ShellFault {
      throw fault
    } catch {
      throw .refused("demo: \(error)")
    }
  }

  private static func play(_ site: DemoSite, _ hardware: String, _ seconds: Double, _ call: Call) throws
    -> Int32
  {
    let folder = try TemporaryDirectory(prefix: "gatehouse-demo")
    let showing = DemoShowing(style: style(call.console.json))
    let stage = try DemoStage(site: site, folder: folder.path, profiles: hardware) { showing.tell($0) }
    let summary = try Demo(seconds: seconds, stage: stage, showing: showing).play()
    call.console.say(summary.lines)
    call.console.tell(summary.json)
    if call.words.has("--keep") {
      let kept = "\(folder.path)-kept"
      if unsafe rename(folder.path, kept) == 0 { call.console.say("kept in \(kept)") }
    }
    return summary.isWhole ? 0 : 1
  }

  private static func style(_ json: Bool) -> DemoShowing.Style {
    if json { return .json }
    guard StandardOutput.isTerminal else { return .lines }
    let names: [String] = ["LC_ALL", "LC_CTYPE", "LANG"]
    let values = names.compactMap { name in unsafe getenv(name).map { unsafe String(cString: $0) } }
    let locale = values.first { !$0.isEmpty }
    return .live(unicode: locale?.uppercased().contains("UTF") == true)
  }
}
