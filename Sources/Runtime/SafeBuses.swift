import ControlCore
import ModbusDriver
import Platform
import Site

/// Brings the safe levels to the Modbus buses when the controller is gone: one thread a bus, each bounded in time.
///
/// The threads end before it returns, so that the guard may fork again.
struct SafeBuses: ~Copyable {
  /// One thread at a time has it: the guard's, or the one that it started and waits for.
  @safe private final class Writer: @unchecked Sendable {
    let name: String
    let writer: ModbusSafeWriter
    var error: String?

    init(_ setting: ModbusBusSetting) throws(ModbusError) {
      name = setting.name
      writer = try ModbusSafeWriter(setting)
    }

    func write() {
      let outcome = writer.write(within: RuntimeLimits.safeWriteLimit)
      error = outcome.isComplete ? nil : "\(outcome.error.map { "\($0)" } ?? "not all was written in time")"
    }
  }

  private var writers: [Writer] = []

  init(site: SiteDescription) {
    for wiring in BusWiring.all(of: site) where !wiring.outputs.isEmpty {
      do throws(ModbusError) {
        writers.append(try Writer(wiring.setting))
      } catch {
        StandardError.write("gatehoused: bus \(wiring.setting.name): no safe levels from the guard: \(error)")
      }
    }
  }

  /// What could not be written, one sentence a bus.
  func write() -> [String] {
    var threads: [PlatformThread] = []
    for writer in writers {
      do throws(SystemError) {
        threads.append(try PlatformThread.start(name: "safe \(writer.name)") { writer.write() })
      } catch {
        writer.write()
      }
    }
    for thread in threads { thread.join() }
    return writers.compactMap { writer in writer.error.map { "bus \(writer.name): \($0)" } }
  }
}
