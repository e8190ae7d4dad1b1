import Testing

/// Who may import whom. An arrow that is not here does not exist.
enum ImportRules {
  static let allowed: [String: Set<String>] = [
    "ControlCore": [],
    "AccessPolicy": ["ControlCore", "CPrefetch"],
    "Site": ["FoundationEssentials", "ControlCore", "AccessPolicy"],
    "Messages": ["FoundationEssentials"],
    "Platform": ["Glibc", "Synchronization", "CLinux"],
    "GPIODriver": ["CGpiod", "Platform", "ControlCore", "Glibc", "Synchronization"],
    "ModbusDriver": ["CModbus", "Platform", "ControlCore", "Glibc", "Synchronization"],
    "Journal": ["CSQLite", "CCrypto", "Messages", "Platform", "Glibc"],
    "Runtime": [
      "ControlCore", "AccessPolicy", "Site", "Messages", "Platform", "GPIODriver", "ModbusDriver", "Journal",
      "Glibc", "Synchronization",
    ],
    "Simulation": [
      "ControlCore", "AccessPolicy", "Runtime", "CModbus", "Platform", "Site", "Glibc", "Synchronization",
    ],
    "Broker": ["CMosquitto", "Platform", "Glibc", "Synchronization"],
    "Uplink": [
      "Broker", "CCrypto", "Messages", "Platform", "Journal", "Site", "Glibc", "Synchronization",
    ],
    "Readers": ["CCrypto", "Messages", "Platform", "Site", "Glibc", "Synchronization"],
    "Cameras": ["CMicrohttpd", "CExpat", "Messages", "Platform", "Site", "Glibc", "Synchronization"],
    "HQ": ["Broker", "CCrypto", "Messages", "Platform", "Journal", "Glibc", "Synchronization"],
    "Shell": ["CEdit", "Messages", "Platform", "Glibc", "Synchronization"],
  ]

  /// What may not be imported anywhere, and why.
  static let banned: [String: String] = [
    "Foundation": "40 MB of tables and a slow start; FoundationEssentials has JSON",
    "FoundationNetworking": "no network in the house but through its own libraries",
    "FoundationXML": "XML is libexpat's",
    "Dispatch": "threads own things here; a queue's thread has no priority of its own",
  ]

  /// The modules that a source file imports.
  static func imports(in text: String) -> [String] {
    text.split(separator: "\n").compactMap { line in
      var words = line.split(separator: " ")[...]
      while let word = words.first, word.hasPrefix("@") || levels.contains(String(word)) {
        words.removeFirst()
      }
      guard words.first == "import", let module = words.dropFirst().last else { return nil }
      return String(module.prefix { $0 != "." })
    }
  }

  private static let levels: Set<String> = ["public", "package", "internal", "fileprivate", "private"]
}

@Suite struct ImportRulesTests {
  let house = House()

  @Test func readsEveryFormOfImport() {
    let text = """
      public import ControlCore
      @testable import Site
      import Glibc
      // import Foundation
      import struct FoundationEssentials.Data
      """
    #expect(ImportRules.imports(in: text) == ["ControlCore", "Site", "Glibc", "FoundationEssentials"])
  }

  @Test(arguments: ImportRules.allowed.keys.sorted())
  func aRoomImportsOnlyWhatThePlanAllows(room: String) throws {
    let sources = try house.files(below: "Sources/\(room)", endingIn: ".swift")
    #expect(!sources.isEmpty, "room \(room) has no source")
    for source in sources {
      for module in ImportRules.imports(in: try house.text(source)) {
        #expect(ImportRules.allowed[room]!.contains(module), "\(source) imports \(module)")
      }
    }
  }

  @Test func everyRoomIsInThePlan() throws {
    for name in try house.files(below: "Sources", endingIn: ".swift").map({ $0.split(separator: "/")[1] }) {
      let isProgram = name.first!.isLowercase
      #expect(
        isProgram || ImportRules.allowed[String(name)] != nil, "room \(name) is not in the import rules")
    }
  }

  @Test func nobodyImportsWhatIsRuledOut() throws {
    for source in try house.files(below: "Sources", endingIn: ".swift") {
      for module in ImportRules.imports(in: try house.text(source)) {
        #expect(
          ImportRules.banned[module] == nil,
          "\(source) imports \(module): \(ImportRules.banned[module] ?? "")")
      }
    }
  }

  /// The process that moves steel has no network listener and no parser of foreign formats.
  @Test func theControllerNeverReachesACompanion() throws {
    var reached: Set<String> = []
    var waiting = ["Runtime"]
    while let room = waiting.popLast() {
      guard reached.insert(room).inserted else { continue }
      waiting += ImportRules.allowed[room].map(Array.init) ?? []
    }
    for foreign in [
      "CMosquitto", "CMicrohttpd", "CExpat", "CEdit", "Cameras", "Readers", "Broker", "Uplink", "HQ",
      "Shell",
    ] {
      #expect(!reached.contains(foreign), "gatehoused would link \(foreign)")
    }
  }
}
