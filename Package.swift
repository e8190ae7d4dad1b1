// swift-tools-version: 6.2

import PackageDescription

/// Every room is built alike: Swift 6, warnings are errors, unsafe code says so.
let house: [SwiftSetting] = [
  .treatAllWarnings(as: .error),
  .strictMemorySafety(),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

func room(_ name: String, _ dependencies: [String] = []) -> Target {
  .target(
    name: name,
    dependencies: dependencies.map { .init(stringLiteral: $0) },
    swiftSettings: house
  )
}

func program(_ name: String, _ dependencies: [String]) -> Target {
  .executableTarget(
    name: name,
    dependencies: dependencies.map { .init(stringLiteral: $0) },
    swiftSettings: house
  )
}

func tests(_ room: String, _ dependencies: [String] = []) -> Target {
  .testTarget(
    name: "\(room)Tests",
    dependencies: ([room] + dependencies).map { .init(stringLiteral: $0) },
    swiftSettings: house
  )
}

let libraries: [Target] = [
  .systemLibrary(name: "CGpiod", pkgConfig: "libgpiod", providers: [.apt(["libgpiod-dev"])]),
  .systemLibrary(name: "CModbus", pkgConfig: "libmodbus", providers: [.apt(["libmodbus-dev"])]),
  .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
  .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
  .systemLibrary(
    name: "CMosquitto", pkgConfig: "libmosquitto", providers: [.apt(["libmosquitto-dev"])]),
  .systemLibrary(
    name: "CMicrohttpd", pkgConfig: "libmicrohttpd", providers: [.apt(["libmicrohttpd-dev"])]),
  .systemLibrary(name: "CExpat", pkgConfig: "expat", providers: [.apt(["libexpat1-dev"])]),
  .systemLibrary(name: "CEdit", pkgConfig: "libedit", providers: [.apt(["libedit-dev"])]),
  .systemLibrary(name: "CLinux"),
  .systemLibrary(name: "CPrefetch"),
  .systemLibrary(name: "CBaseline"),
]

let rooms: [Target] = [
  room("ControlCore"),
  room("AccessPolicy", ["ControlCore", "CPrefetch"]),
  room("Site", ["ControlCore", "AccessPolicy"]),
  room("Messages"),
  room("Platform", ["CLinux"]),
  room("GPIODriver", ["CGpiod", "Platform", "ControlCore"]),
  room("ModbusDriver", ["CModbus", "Platform", "ControlCore"]),
  room("Journal", ["CSQLite", "CCrypto", "Messages", "Platform"]),
  room(
    "Runtime",
    [
      "ControlCore", "AccessPolicy", "Site", "Messages", "Platform", "GPIODriver",
      "ModbusDriver", "Journal",
    ]),
  room("Simulation", ["ControlCore", "AccessPolicy", "Runtime", "CModbus", "Platform", "Site"]),
  room("Broker", ["CMosquitto", "Platform"]),
  room("Uplink", ["Broker", "CCrypto", "Messages", "Platform", "Journal", "Site"]),
  room("Readers", ["CCrypto", "Messages", "Platform", "Site"]),
  room("Cameras", ["CMicrohttpd", "CExpat", "Messages", "Platform", "Site"]),
  room("HQ", ["Broker", "CCrypto", "Messages", "Platform", "Journal"]),
  room("Shell", ["CEdit", "Messages", "Platform"]),
]

let programs: [Target] = [
  program("gatehoused", ["Runtime", "Site", "Platform"]),
  program(
    "gatehouse",
    [
      "Shell", "Messages", "Platform", "Site", "AccessPolicy", "ControlCore", "Journal", "Runtime",
      "Simulation",
    ]),
  program("gatehouse-cameras", ["Cameras", "Site", "Platform"]),
  program("gatehouse-readers", ["Readers", "Site", "Platform"]),
  program("gatehouse-uplink", ["Uplink", "Site", "Platform"]),
  program("gatehouse-hq", ["HQ", "Platform", "Messages"]),
  program(
    "gatehouse-sim",
    [
      "Simulation", "Site", "Platform", "Messages", "ControlCore", "AccessPolicy", "Journal", "Broker",
      "Uplink",
    ]),
  program(
    "gatehouse-bench",
    [
      "ControlCore", "AccessPolicy", "Messages", "Platform", "Journal", "Runtime", "Simulation",
      "Site", "ModbusDriver", "GPIODriver", "Broker", "Uplink", "HQ", "CBaseline", "CModbus", "CSQLite",
      "CMosquitto",
    ]),
]

let suites: [Target] = [
  // What several suites need; of the house it knows Platform alone.
  .target(
    name: "TestSupport", dependencies: ["Platform"], path: "Tests/TestSupport", swiftSettings: house),
  tests("ControlCore", ["CLinux", "TestSupport"]),
  tests("AccessPolicy", ["ControlCore", "TestSupport"]),
  tests("Site", ["ControlCore", "AccessPolicy", "Platform", "TestSupport"]),
  tests("Messages"),
  tests("Platform", ["TestSupport"]),
  tests("GPIODriver", ["ControlCore", "Platform", "TestSupport"]),
  tests("ModbusDriver", ["ControlCore", "Platform", "CModbus", "TestSupport"]),
  tests("Journal", ["Messages", "CSQLite", "Platform"]),
  tests(
    "Runtime",
    [
      "ControlCore", "AccessPolicy", "Site", "Messages", "Platform", "Journal", "Simulation",
      "GPIODriver", "ModbusDriver", "CModbus", "CLinux", "TestSupport", "gatehoused",
    ]),
  tests("Simulation", ["ControlCore", "AccessPolicy", "Site", "Runtime", "Platform"]),
  tests("Broker", ["Platform"]),
  tests("Uplink", ["Broker", "Messages", "Platform", "Journal", "Site", "HQ", "TestSupport"]),
  tests("Readers", ["Messages", "Platform", "Site", "TestSupport"]),
  tests("Cameras", ["Messages", "Platform", "Site", "TestSupport"]),
  tests(
    "HQ",
    [
      "Broker", "Messages", "Platform", "Journal", "Uplink", "TestSupport", "gatehouse-hq",
      "gatehouse-uplink",
      "gatehoused",
    ]),
  tests("Shell", ["Messages", "Platform", "Site", "TestSupport", "gatehouse", "gatehoused"]),
  .testTarget(name: "HouseTests", dependencies: ["Platform"], swiftSettings: house),
]

let package = Package(
  name: "gatehouse",
  targets: libraries + rooms + programs + suites,
  swiftLanguageModes: [.v6]
)
