import AccessPolicy
import ControlCore
import Testing

@testable import Site

@Suite("Boards and devices that ship")
struct HardwareTests {
  static let devices = [
    "came-gard-ptx", "eastron-sdm", "eight-channel-clone", "icpdas-tm", "waveshare-relay-8ch",
    "waveshare-relay-8ch-d",
  ]
  static let boards = ["bench", "raspberry-pi-4", "raspberry-pi-5"]

  private func bytes(_ path: String) throws -> [UInt8] {
    try SmallFile.read("\(hardware)/\(path)", limit: SiteLimits.fileSize)
  }

  @Test func everyFileIsTested() {
    func names(_ folder: String) -> [String] {
      SmallFile.names(in: "\(hardware)/\(folder)").map { String($0.dropLast(".json5".count)) }.sorted()
    }
    #expect(names("devices") == Self.devices)
    #expect(names("boards") == Self.boards)
  }

  @Test(arguments: devices)
  func deviceLoadsWithoutFault(_ name: String) throws {
    let faults = FaultList(file: name)
    let profile = try #require(DeviceProfile(try bytes("devices/\(name).json5"), name, faults))
    #expect(faults.faults.isEmpty, "\(faults.faults)")
    for channel in profile.channelNames { #expect(profile.channels[channel] != nil) }
    let places = profile.channels.values.map {
      "\($0.table) \($0.address) \($0.bit ?? 0) \($0.reading?.words ?? "")"
    }
    #expect(Set(places).count == places.count, "two channels of \(name) share a place")
  }

  @Test(arguments: boards)
  func boardLoadsWithoutFault(_ name: String) throws {
    let faults = FaultList(file: name)
    let board = try #require(BoardProfile(try bytes("boards/\(name).json5"), name, faults))
    #expect(faults.faults.isEmpty, "\(faults.faults)")
    #expect(!board.chip.isEmpty)
  }

  @Test func onlyTheMeterHasNoChannels() throws {
    for name in Self.devices {
      let profile = try #require(
        DeviceProfile(try bytes("devices/\(name).json5"), name, FaultList(file: name)))
      #expect(profile.channels.isEmpty == (name == "eastron-sdm"), "\(name)")
    }
  }

  /// The header of a Raspberry Pi: forty pins, twelve without a line, each of the lines 0 to 27 once.
  @Test(arguments: ["raspberry-pi-4", "raspberry-pi-5"])
  func headerIsWhole(_ name: String) throws {
    let board = try #require(BoardProfile(try bytes("boards/\(name).json5"), name, FaultList(file: name)))
    #expect(board.power.count == 12)
    #expect(Set(board.lines.keys).union(board.power.keys) == Set(1...40))
    #expect(board.lines.values.sorted() == Array(0...27))
  }

  private struct Word {
    var x: String
    var y: String
    var style: String
    var text: String
  }

  /// The texts of the drawing: each stands on a line of its own.
  private func drawing() throws -> [Word] {
    let text = String(decoding: try bytes("wiring/garage-pi5.svg"), as: UTF8.self)
    func attribute(_ name: String, _ line: Substring) -> String {
      guard let start = line.firstRange(of: " \(name)=\"") else { return "" }
      return String(line[start.upperBound...].prefix { $0 != "\"" })
    }
    return text.split(separator: "\n").compactMap { line in
      guard line.contains("<text "), let start = line.firstIndex(of: ">"), let end = line.lastIndex(of: "<")
      else { return nil }
      return Word(
        x: attribute("x", line), y: attribute("y", line), style: attribute("class", line),
        text: String(line[line.index(after: start)..<end]))
    }
  }

  @Test func drawingShowsEverySignalAtItsPinOrChannel() throws {
    let site = try SiteFile.load(path: "\(hardware)/sites/garage-pi5.json5", profiles: hardware)
    let words = try drawing()
    func row(of signal: String) throws -> [Word] {
      let found = words.filter { $0.style == "sig" && $0.text == signal }
      #expect(found.count == 1, "\(signal) stands \(found.count) times in the drawing")
      let word = try #require(found.first)
      return words.filter { $0.y == word.y }
    }
    for (position, name) in site.inputNames.enumerated() {
      let texts = try row(of: name).map(\.text)
      switch site.inputWiring[position] {
      case .gpio(_, .offset(let line), _, _): #expect(texts.contains("GPIO\(line)"), "\(name): \(texts)")
      case .modbus(let wire):
        #expect(texts.contains("DI\(wire.address + 1)"), "\(name): \(texts)")
      case .madeOf: Issue.record("\(name) has no wire")
      case .gpio: Issue.record("\(name) has no offset")
      }
    }
    for (position, name) in site.outputNames.enumerated() {
      let texts = try row(of: name).map(\.text)
      switch site.outputWiring[position] {
      case .gpio(_, .offset(let line), _): #expect(texts.contains("GPIO\(line)"), "\(name): \(texts)")
      case .modbus(let wire):
        #expect(texts.contains("RELAY\(wire.address + 1)"), "\(name): \(texts)")
      case .gpio: Issue.record("\(name) has no offset")
      }
    }
    for (reader, wiring) in zip(site.policy.readers, site.readerWiring) {
      guard case .wiegand(_, .offset(let d0), .offset(let d1), _, _) = wiring else { continue }
      #expect(try row(of: "\(reader.name) D0").map(\.text).contains("GPIO\(d0)"))
      #expect(try row(of: "\(reader.name) D1").map(\.text).contains("GPIO\(d1)"))
    }
  }

  @Test func drawingHasTheRightPinBesideEachLine() throws {
    let board = try #require(
      BoardProfile(
        try bytes("boards/raspberry-pi-5.json5"), "raspberry-pi-5", FaultList(file: "raspberry-pi-5")))
    let words = try drawing()
    var pins = 0
    for pin in words where pin.style == "pin" {
      guard let line = words.first(where: { $0.y == pin.y && $0.text.hasPrefix("GPIO") }) else { continue }
      pins += 1
      let number = try #require(Int(pin.text))
      #expect("GPIO\(board.lines[number] ?? -1)" == line.text, "pin \(pin.text)")
    }
    #expect(pins == 17)
  }
}
