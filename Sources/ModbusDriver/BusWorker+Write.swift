import ControlCore
import Platform

extension BusWorker {
  /// A refused output is tried again after a second.
  private static let refusalPause: UInt64 = 1_000_000_000

  /// Brings every unit that takes part to the levels that the scan wants.
  func writeAll() {
    _ = outputs.takeChange()
    for index in units.indices where units[index].takesPart {
      writeOutputs(index)
      if units[index].takesPart { setWatchdog(index) }
    }
  }

  /// The safe level while the unit's watchdog is not confirmed, or the bus ends.
  private func wanted(_ index: Int, _ slot: Int) -> Bool {
    units[index].watchdogConfirmed && !isEnding ? outputs.level(slot) : setting.outputs[slot].safe
  }

  func writeOutputs(_ index: Int) {
    if units[index].outputs.isEmpty { return }
    let now = MonotonicClock.now()
    if now >= units[index].refreshAt {
      for place in units[index].outputs.indices { units[index].outputs[place].written = nil }
      units[index].refreshAt = now &+ units[index].refresh
    }
    // Levels are read once: the scan may change them meanwhile.
    let changing = units[index].outputs.indices.compactMap { place -> (place: Int, level: Bool)? in
      let output = units[index].outputs[place]
      let level = wanted(index, output.slot)
      return output.written == level || now < output.refusedUntil ? nil : (place, level)
    }
    if changing.isEmpty { return }
    let levels = Dictionary(
      uniqueKeysWithValues: changing.map { (units[index].outputs[$0.place].slot, $0.level) })
    let groups = WritePlan.groups(
      changing.map { (units[index].outputs[$0.place].slot, units[index].outputs[$0.place].wiring) },
      level: { levels[$0]! })
    var mayRise = true
    for group in units[index].writesSingly ? groups.flatMap(\.singly) : groups {
      if !mayRise, levels[group.slots[0]]! { return }
      switch write(index, group, levels) {
      case .given:
        note(index, group) {
          $0.written = levels[$0.slot]!; $0.wasTaken = true
        }
      case .refused:
        if group.table == .coil, group.slots.count > 1 { units[index].writesSingly = true }
        let again = now &+ (group.slots.count > 1 ? 0 : Self.refusalPause)
        note(index, group) {
          $0.refusedUntil = again
          if $0.wasTaken { mayRise = false }
        }
      case .none, .linkLost: return
      }
    }
  }

  private func note(_ index: Int, _ group: WriteGroup, _ body: (inout UnitState.Output) -> Void) {
    for place in units[index].outputs.indices where group.slots.contains(units[index].outputs[place].slot) {
      body(&units[index].outputs[place])
    }
  }

  private func write(_ index: Int, _ group: WriteGroup, _ levels: [Int: Bool]) -> Answer {
    let unit = units[index].unit
    let wires = group.slots.map { levels[$0]! != setting.outputs[$0].activeLow }
    return ask(index) { () throws(ModbusError) in
      if group.table == .coil {
        try connection.writeCoils(unit: unit, address: group.first, levels: wires)
      } else {
        let bits = group.slots.map { setting.outputs[$0].place.bit }
        try connection.writeBits(unit: unit, register: group.first, bits: bits, levels: wires)
      }
    }
  }

  /// Sets the unit's own watchdog and reads it back.
  func setWatchdog(_ index: Int) {
    guard let watchdog = units[index].watchdog else { return }
    let now = MonotonicClock.now()
    if now < units[index].watchdogDue { return }
    var fault: ModbusError?
    let answer = ask(index) { () throws(ModbusError) in
      do throws(ModbusError) {
        try connection.set(watchdog)
      } catch {
        fault = error
        throw error
      }
    }
    switch answer {
    case .given:
      units[index].watchdogConfirmed = true
      units[index].watchdogRefusal = nil
      units[index].watchdogDue = .max
      // What was held back may go out now.
      writeOutputs(index)
    case .refused:
      units[index].watchdogConfirmed = false
      units[index].watchdogRefusal = fault.map { "\($0)" }
      units[index].watchdogDue = now &+ ModbusLimits.watchdogRetry.nanoseconds
    case .none, .linkLost: break
    }
  }
}
