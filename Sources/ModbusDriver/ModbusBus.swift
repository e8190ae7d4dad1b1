import Platform
import Synchronization

/// A Modbus bus: one thread, one link, the levels of its signals.
///
/// The scan reads ``inputs`` and sets ``outputs``; it never waits for the bus. Nothing is written at the start but the
/// outputs' levels, which are the safe ones until the scan says otherwise, and the watchdogs' settings.
public final class ModbusBus: Sendable {
  public let setting: ModbusBusSetting
  public let inputs: ModbusInputTable
  public let outputs: ModbusOutputTable
  private let shared: BusShared
  private let thread = Mutex<PlatformThread?>(nil)

  /// - Throws: ``ModbusError/setting(_:)`` with every fault.
  public init(_ setting: ModbusBusSetting) throws(ModbusError) {
    let faults = setting.faults()
    if !faults.isEmpty { throw .setting(faults) }
    do throws(SystemError) {
      shared = BusShared(setting, wake: try EventDescriptor())
    } catch {
      throw .system(call: error.call, code: error.code, text: error.text)
    }
    self.setting = setting
    inputs = shared.inputs
    outputs = shared.outputs
  }

  deinit {
    stop()
  }

  /// Starts the bus's thread, once. It opens the link by itself and again whenever it breaks, for ever.
  /// - Throws: ``ModbusError`` where libmodbus refuses the link's setting, or the system a thread.
  public func start(realTimePriority: Int? = nil) throws(ModbusError) {
    let connection = try ModbusConnection(link: setting.link, timeout: setting.timeout)
    let worker = BusWorker(setting: setting, shared: shared, connection: connection)
    do throws(SystemError) {
      let name = "bus \(setting.name)"
      let made = try PlatformThread.start(name: name, realTimePriority: realTimePriority) { worker.run() }
      thread.withLock { held in
        precondition(held == nil, "a bus is started once")
        held = made
      }
    } catch {
      throw .system(call: error.call, code: error.code, text: error.text)
    }
  }

  /// Writes the safe levels once more where units answer, closes the link and ends the thread.
  public func stop() {
    shared.stopping.store(true, ordering: .releasing)
    shared.wake.signal()
    let running = thread.withLock { held in
      let running = held
      held = nil
      return running
    }
    running?.join()
  }

  /// For a display; at most 100 ms old, except that a change of state shows at once.
  public func status() -> ModbusBusStatus {
    shared.status.withLock { $0 }
  }
}

/// What a bus and its thread share.
final class BusShared: Sendable {
  let inputs: ModbusInputTable
  let outputs: ModbusOutputTable
  let wake: EventDescriptor
  let stopping = Atomic<Bool>(false)
  let status: Mutex<ModbusBusStatus>

  init(_ setting: ModbusBusSetting, wake: EventDescriptor) {
    self.wake = wake
    inputs = ModbusInputTable(count: setting.inputs.count)
    outputs = ModbusOutputTable(safe: setting.outputs.map(\.safe), wake: wake)
    status = Mutex(
      ModbusBusStatus(
        name: setting.name, link: "\(setting.link)", state: .down, connects: 0,
        units: setting.units.map { UnitState(unit: $0, setting: setting).status(now: 0) }))
  }
}
