import Glibc
import Platform
import Testing

@testable import Site

/// The files of `hardware/appliance` and `udev`, installed into a folder and read by systemd's own tools.
@Suite("Appliance")
struct ApplianceTests {
  static let programs = [
    "gatehoused", "gatehouse", "gatehouse-cameras", "gatehouse-readers", "gatehouse-uplink",
  ]
  static let services = ["gatehoused", "gatehouse-cameras", "gatehouse-readers", "gatehouse-uplink"]

  /// A folder with stand-ins for the built programs, and one to install into.
  private func workshop() throws -> TemporaryDirectory {
    let folder = try TemporaryDirectory(prefix: "appliance")
    try Files.makeDirectory("\(folder.path)/programs")
    for program in Self.programs {
      try Files.write(Array("#!/bin/sh\n".utf8), to: "\(folder.path)/programs/\(program)", mode: 0o755)
    }
    return folder
  }

  /// Runs a program and returns how it ended and what it said.
  private func run(
    _ program: String, _ arguments: [String], in folder: TemporaryDirectory
  ) throws -> (ending: ChildProcess.Ending?, said: String) {
    let log = "\(folder.path)/said"
    Files.remove(log)
    let child = try ChildProcess(program, arguments, output: .append(path: log), error: .append(path: log))
    let ending = try child.wait(milliseconds: 60_000)
    return (ending, String(decoding: try Files.read(log), as: UTF8.self))
  }

  private func install(_ arguments: [String] = [], into folder: TemporaryDirectory) throws -> (
    ending: ChildProcess.Ending?, said: String
  ) {
    try run(
      "\(hardware)/appliance/install",
      ["--destdir", "\(folder.path)/root", "--programs", "\(folder.path)/programs"] + arguments, in: folder)
  }

  @Test func installsEverythingOnceAndKeepsTheSiteFile() throws {
    let folder = try workshop()
    let root = "\(folder.path)/root"
    let first = try install(["--site", "\(hardware)/sites/garage.json5"], into: folder)
    #expect(first.ending == .exited(0), "\(first.said)")
    for program in Self.programs { #expect(Files.exists("\(root)/usr/local/bin/\(program)")) }
    for name in HardwareTests.devices {
      #expect(Files.exists("\(root)/usr/local/share/gatehouse/devices/\(name).json5"))
    }
    let site = "\(root)/etc/gatehouse/site.json5"
    let loaded = try SiteFile.load(path: site, profiles: "\(root)/usr/local/share/gatehouse")
    #expect(loaded.gateway.id == "gw-0417")

    try Files.write(Array("{ /* changed by hand */ }".utf8), to: site)
    let second = try install(["--site", "\(hardware)/sites/bench.json5"], into: folder)
    #expect(second.ending == .exited(0))
    #expect(second.said == "", "the second run changed something: \(second.said)")
    #expect(String(decoding: try Files.read(site), as: UTF8.self) == "{ /* changed by hand */ }")
  }

  @Test func aNewProgramIsInstalledAndNothingElse() throws {
    let folder = try workshop()
    #expect(try install(into: folder).ending == .exited(0))
    try Files.write(
      Array("#!/bin/sh\nexit 3\n".utf8), to: "\(folder.path)/programs/gatehoused", mode: 0o755)
    #expect(try install(into: folder).said == "installed /usr/local/bin/gatehoused\n")
  }

  @Test func misuseAndMissingProgramsAreTold() throws {
    let folder = try workshop()
    #expect(try install(["--bogus"], into: folder).ending == .exited(2))
    #expect(try install(["--prefix", "usr"], into: folder).ending == .exited(2))
    Files.remove("\(folder.path)/programs/gatehouse-uplink")
    let result = try install(into: folder)
    #expect(result.ending == .exited(1))
    #expect(result.said.contains("gatehouse-uplink is not there; build with"))
    #expect(!Files.exists("\(folder.path)/root"), "a part was installed")
  }

  /// systemd itself reads the units; package `systemd`, which hardware/install-libraries --tests brings.
  @Test func systemdTakesTheUnits() throws {
    let folder = try workshop()
    let root = "\(folder.path)/root"
    #expect(try install(["--prefix", "/opt/gatehouse"], into: folder).ending == .exited(0))
    for target in ["sysinit", "basic", "shutdown", "multi-user"] {
      try Files.write(Array("[Unit]\n".utf8), to: "\(root)/usr/lib/systemd/system/\(target).target")
    }
    for service in Self.services {
      let unit = try Files.read("\(root)/usr/lib/systemd/system/\(service).service")
      let text = String(decoding: unit, as: UTF8.self)
      #expect(text.contains("\nExecStart=/opt/gatehouse/bin/\(service) --site "))
      let verify = try run(
        "systemd-analyze", ["--root=\(root)", "--man=no", "verify", "\(service).service"], in: folder)
      #expect(verify.ending == .exited(0), "\(verify.said)")
      #expect(verify.said == "", "\(service): \(verify.said)")
      // Exposure in tenths: 3.0 of 10 at most.
      let security = try run(
        "systemd-analyze",
        [
          "--no-pager", "--offline=true", "--threshold=30", "security",
          "\(root)/usr/lib/systemd/system/\(service).service",
        ], in: folder)
      #expect(security.ending == .exited(0), "\(security.said)")
    }
  }

  @Test func systemdMakesTheUsers() throws {
    let folder = try workshop()
    #expect(try install(into: folder).ending == .exited(0))
    try Files.makeDirectory("\(folder.path)/root/etc")
    let result = try run("systemd-sysusers", ["--root=\(folder.path)/root"], in: folder)
    #expect(result.ending == .exited(0), "\(result.said)")
    let users = String(decoding: try Files.read("\(folder.path)/root/etc/passwd"), as: UTF8.self)
    let groups = String(decoding: try Files.read("\(folder.path)/root/etc/group"), as: UTF8.self)
    for user in ["gatehouse", "gatehouse-cameras", "gatehouse-readers", "gatehouse-uplink"] {
      #expect(users.split(separator: "\n").contains { $0.hasPrefix("\(user):") }, "\(user)")
    }
    for group in ["gatehouse-technician", "gatehouse-administrator"] {
      #expect(groups.split(separator: "\n").contains { $0.hasPrefix("\(group):") }, "\(group)")
    }
  }

  /// What the controller cannot do without, and what it must never be made to wait for.
  @Test func controllerGetsWhatItNeeds() throws {
    let text = String(
      decoding: try Files.read("\(hardware)/appliance/systemd/gatehoused.service"), as: UTF8.self)
    let lines = Set(text.split(separator: "\n").map(String.init))
    for line in [
      "Type=notify", "NotifyAccess=main", "Restart=always", "StartLimitIntervalSec=0", "WatchdogSec=10",
      "LimitRTPRIO=\(SiteLimits.priority.upperBound)", "LimitMEMLOCK=infinity", "RestrictRealtime=no",
      "DeviceAllow=char-gpiochip rw", "SystemCallFilter=adjtimex clock_adjtime", "User=gatehouse",
      "StateDirectory=gatehouse", "RuntimeDirectory=gatehouse", "CapabilityBoundingSet=",
      "NoNewPrivileges=yes",
      "ProtectSystem=strict",
    ] {
      #expect(lines.contains(line), "\(line) is missing")
    }
    let waits = ["After=", "Requires=", "Wants=", "BindsTo=", "ProtectClock="]
    for line in lines { #expect(!waits.contains { line.hasPrefix($0) }, "\(line)") }
  }

  @Test func rulesAreWellFormedAndGiveEveryLineOneName() throws {
    let folder = hardware.dropLast("hardware".count)
    let text = String(decoding: try Files.read("\(folder)udev/70-gatehouse.rules"), as: UTF8.self)
    let part = /[A-Z]+(\{[A-Z_a-z]+\})?(==|!=|\+=|=)"[^"]*"/
    var paths: [String] = []
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      for field in line.split(separator: ",") {
        #expect(field.trimmingPrefix(" ").wholeMatch(of: part) != nil, "\(field)")
      }
      if line.contains("ID_PATH") {
        paths.append(String(line.split(separator: ",")[0]))
        #expect(line.contains("SYMLINK+=\"gatehouse/rs485-"))
        #expect(line.contains("GROUP=\"gatehouse\", MODE=\"0660\""))
      }
    }
    #expect(paths.count == 8)
    #expect(Set(paths).count == paths.count, "one socket has two names")
    #expect(text.contains("KERNEL==\"gpiochip*\", GROUP=\"gatehouse\", MODE=\"0660\""))
    #expect(text.contains("GOTO=\"gatehouse_lines_end\"") && text.contains("LABEL=\"gatehouse_lines_end\""))
  }
}
