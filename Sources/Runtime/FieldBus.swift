import ControlCore
import ModbusDriver
import Platform
import Synchronization

/// One bus of the running controller: its wiring, and its driver where that could be had.
final class FieldBus: Sendable {
  let wiring: BusWiring
  let driver: ModbusBus?
  private let fault: Mutex<String?>

  init(_ wiring: BusWiring) {
    self.wiring = wiring
    do throws(ModbusError) {
      driver = try ModbusBus(wiring.setting)
      fault = Mutex(nil)
    } catch {
      driver = nil
      fault = Mutex("\(error)")
    }
  }

  func start(priority: Int) {
    do throws(ModbusError) {
      try driver?.start(realTimePriority: priority)
    } catch {
      let text = "\(error)"
      fault.withLock { $0 = text }
    }
  }

  /// Why the bus has no thread; nil where it has one.
  var startFault: String? { fault.withLock { $0 } }

  /// The scan's side: levels and how far they can be believed, older than the site allows being bad.
  func read(into image: inout InputImage, now: Instant) {
    guard let driver else {
      for input in wiring.inputs { image.quality[input.position] = .bad }
      return
    }
    for slot in 0..<wiring.inputs.count {
      let place = wiring.inputs[slot].position
      let (level, quality, stamp) = driver.inputs.read(slot)
      image.level[place] = level
      let stale = wiring.stale[slot].nanoseconds
      let age = now.nanoseconds > stamp ? now.nanoseconds - stamp : 0
      image.quality[place] = quality != .unknown && stale > 0 && age > stale ? .bad : quality
    }
  }

  /// The number of a device's fault register; nil where nobody knows.
  func faultNumber(slot: Int) -> UInt16? {
    guard let driver, driver.inputs.read(slot).quality == .good else { return nil }
    return driver.inputs.register(slot)
  }

  /// The scan's side.
  func write(_ image: borrowing OutputImage) {
    guard let driver else { return }
    for slot in 0..<wiring.outputs.count {
      driver.outputs.set(slot, image.level[wiring.outputs[slot].position])
    }
  }
}
