import Platform
public import Site

/// All serial readers of a site, each line on its own thread, and the courier to the controller.
public final class ReadersService: Sendable {
  /// Why the readers of a site cannot be served.
  public struct Fault: Error, Sendable, CustomStringConvertible {
    public var description: String
  }

  private let courier: ReadingCourier
  private let lines: [ReaderLine]
  private let threads: [PlatformThread]
  /// The readers that are served.
  public let readers: [String]

  /// - Parameters:
  ///   - ingressPath: the controller's socket.
  ///   - installSeconds: for so long from now, OSDP in plain text and with the default key is spoken.
  ///   - note: one line for the log of the service.
  public init(
    site: SiteDescription, ingressPath: String, installSeconds: Int = 0,
    note: @escaping @Sendable (String) -> Void
  ) throws(Fault) {
    let lamps = Lamps()
    let courier: ReadingCourier
    do {
      courier = try ReadingCourier(path: ingressPath, note: note) { reading, granted in
        for line in lamps.lines { line.show(reader: reading.reader, granted: granted) }
      }
    } catch {
      throw Fault(description: "\(error)")
    }
    let until = milliseconds() + UInt64(max(0, installSeconds)) * 1_000
    let made = try Self.lines(of: site, courier: courier, installUntil: until, note: note)
    lamps.lines = made.compactMap { $0.line.speaker as? OSDPSpeaker }
    self.courier = courier
    lines = made.map(\.line)
    readers = made.flatMap(\.readers)
    var threads: [PlatformThread] = []
    do {
      threads.append(try PlatformThread.start(name: "courier") { courier.run() })
      for line in made.map(\.line) { threads.append(try PlatformThread.start(name: "line") { line.run() }) }
    } catch {
      throw Fault(description: "\(error)")
    }
    self.threads = threads
  }

  /// Ends all threads; only once.
  public func stop() {
    for line in lines { line.stop() }
    courier.stop()
    for thread in threads { thread.join() }
  }

  /// The lines whose readers can show a decision; filled before any thread runs.
  private final class Lamps: @unchecked Sendable {
    var lines: [OSDPSpeaker] = []
  }

  private struct Made {
    var line: ReaderLine
    var readers: [String]
  }

  private static func lines(
    of site: SiteDescription, courier: ReadingCourier, installUntil: UInt64,
    note: @escaping @Sendable (String) -> Void
  ) throws(Fault) -> [Made] {
    var made: [Made] = []
    for (place, bus) in site.buses.enumerated() {
      guard case .serial(let path, let baud, let parity, let stopBits) = bus.link else { continue }
      let setting = ReaderLine.Setting(path: path, baud: baud, parity: .init(parity), stopBits: stopBits)
      var members: [OSDPSpeaker.Member] = []
      for reader in site.companionReaders {
        switch reader.wiring {
        case .serial(place):
          let speaker = ScannerSpeaker(reader: reader.name, kind: reader.kind, courier: courier, note: note)
          made.append(
            Made(line: ReaderLine(setting: setting, speaker: speaker, note: note), readers: [reader.name]))
        case .osdp(place, let address, let keyFile):
          members.append(try member(reader, address: address, keyFile: keyFile))
        default: break
        }
      }
      guard !members.isEmpty else { continue }
      let speaker = OSDPSpeaker(members: members, installUntil: installUntil, courier: courier, note: note)
      made.append(
        Made(
          line: ReaderLine(setting: setting, speaker: speaker, note: note), readers: members.map(\.reader)))
    }
    return made
  }

  private static func member(_ reader: CompanionReader, address: Int, keyFile: String?) throws(Fault)
    -> OSDPSpeaker.Member
  {
    do {
      let key = try keyFile.map { path throws(OSDPKeyFile.Fault) in try OSDPKeyFile.read(path) }
      return OSDPSpeaker.Member(reader: reader.name, kind: reader.kind, address: UInt8(address), key: key)
    } catch {
      throw Fault(description: "\(reader.name): \(error)")
    }
  }
}

extension SerialPort.Parity {
  fileprivate init(_ parity: BusDescription.Parity) {
    switch parity {
    case .none: self = .none
    case .even: self = .even
    case .odd: self = .odd
    }
  }
}
