public import ControlCore
import Platform
public import Site
import Synchronization

/// Plays a site's plant in real time for a running controller: Modbus units behind TCP ports, simulated chips in
/// their files.
///
/// One thread owns the servers and moves the plant on in steps of 5 ms; others look and act through
/// ``withPlant(_:)`` and never wait longer than such a step takes.
public final class PlayedField: Sendable {
  /// What the thread and everybody else share.
  private final class Stage: Sendable {
    struct World: Sendable {
      var plant: Plant
      var outputs: [Bool]
      var silent: Set<FieldWires.Seat> = []
    }

    let world: Mutex<World>
    let stopping = Atomic<Bool>(false)

    init(_ world: sending World) {
      self.world = Mutex(world)
    }
  }

  /// The physical world goes on in steps of so many milliseconds.
  static let step: UInt64 = 5

  private let stage: Stage
  private let thread: PlatformThread
  private let site: SiteDescription
  /// The port of each bus, by its place; nil where the bus is not TCP.
  public let ports: [Int?]

  /// Starts the servers and the thread.
  ///
  /// - Parameters:
  ///   - runDirectory: where the simulated chips' files are; nil where the site has none.
  ///   - freePorts: every bus gets a free port in place of its own; see ``ports``.
  /// - Throws: ``FieldFault`` for a serial bus, a port in use or a chip without a run directory; `SystemError`
  ///   where there is no thread to be had.
  public init(site: SiteDescription, runDirectory: String? = nil, freePorts: Bool = false) throws {
    let wires = try FieldWires(site: site, runDirectory: runDirectory, freePorts: freePorts)
    let stage = Stage(
      Stage.World(plant: Plant(setting: site.control), outputs: site.control.outputs.map(\.safe)))
    self.site = site
    self.stage = stage
    ports = wires.ports
    stage.world.withLock { wires.writeInputs($0.plant.levels) }
    thread = try PlatformThread.start(name: "field") { Self.run(wires, stage) }
  }

  deinit {
    stop()
  }

  /// Ends the thread; the ports are free again when this returns. A second call does nothing.
  public func stop() {
    guard !stage.stopping.exchange(true, ordering: .relaxed) else { return }
    thread.join()
  }

  /// Looks at the plant or does something to it.
  public func withPlant<Result>(_ body: (inout Plant) throws -> sending Result) rethrows -> sending Result {
    try stage.world.withLock { world in try body(&world.plant) }
  }

  /// The levels that the controller drives now, by the output's position.
  public var outputs: [Bool] { stage.world.withLock { $0.outputs } }

  /// Takes the wire off the unit behind an input, or puts it back: the unit answers nobody.
  public func setSilent(_ silent: Bool, unitOf input: InputIndex) {
    guard case .modbus(let wire) = site.inputWiring[input.position] else { return }
    let seat = FieldWires.Seat(bus: wire.bus, unit: wire.unit)
    stage.world.withLock { world in
      if silent { world.silent.insert(seat) } else { world.silent.remove(seat) }
    }
  }

  private static func run(_ wires: FieldWires, _ stage: Stage) {
    let interval = Interval.milliseconds(step)
    var due = MonotonicClock.now()
    while !stage.stopping.load(ordering: .relaxed) {
      stage.world.withLock { world in
        wires.readOutputs(into: &world.outputs)
        world.plant.step(world.outputs, by: interval)
        wires.writeInputs(world.plant.levels)
        wires.silence(world.silent)
      }
      due += interval.nanoseconds
      let now = MonotonicClock.now()
      // A machine that slept does not make the plant run after it.
      if due + 1_000_000_000 < now { due = now + interval.nanoseconds }
      do throws(SystemError) {
        try wires.serve(until: due)
      } catch {
        StandardError.write("field: \(error)")
        MonotonicClock.sleep(until: due)
      }
    }
  }
}
