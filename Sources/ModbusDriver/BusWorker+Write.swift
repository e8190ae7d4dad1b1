import ControlCore
import Platform

extension BusWorker {
  /// A refused output is tried again after a second.
  private static let refusalPause: UInt64 = 1_000_000_000
  private static let busyPause: UInt64 = 20_000_000

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
    let now = MonotonicClock.now()
    if now >= units[index].refreshAt {
      // An impulse that stands was taken: twice would be two orders.
      for place in units[index].outputs.indices
      where !(units[index].outputs[place].wiring.isImpulse && units[index].outputs[place].written == true) {
        units[index].outputs[place].written = nil
      }
      units[index].refreshAt = now &+ units[index].refresh
    }
    let levels = changes(index, now)
    if levels.isEmpty { return }
    let groups = WritePlan.groups(levels.keys.map { ($0, setting.outputs[$0]) }, level: { levels[$0]! })
    var mayRise = !isHeldBack(index, now)
    for group in units[index].writesSingly ? groups.flatMap(\.singly) : groups {
      if !mayRise, group.rises { return }
      let answer = write(index, group, levels)
      switch answer {
      case .given:
        note(index, group) { output in
          output.written = levels[output.slot]!
          output.wasTaken = true
        }
      case .refused:
        // A group is tried again at once, one by one.
        let pause = answer.isBusy ? Self.busyPause : group.slots.count > 1 ? 0 : Self.refusalPause
        note(index, group) { output in
          output.refusedUntil = now &+ pause
          if output.wasTaken { mayRise = false }
        }
        if group.table == .coil, group.slots.count > 1, !answer.isBusy { units[index].writesSingly = true }
      case .none, .linkLost: return
      }
    }
  }

  /// The outputs that are to be written now, by slot, with levels that are read once: the scan may change them meanwhile.
  private func changes(_ index: Int, _ now: UInt64) -> [Int: Bool] {
    var levels: [Int: Bool] = [:]
    for output in units[index].outputs where now >= output.refusedUntil {
      let level = wanted(index, output.slot)
      if output.written != level { levels[output.slot] = level }
    }
    return levels
  }

  /// Whether an output that the unit took before now refuses to fall: until it has fallen, none of the unit's may rise.
  private func isHeldBack(_ index: Int, _ now: UInt64) -> Bool {
    units[index].outputs.contains { output in
      output.wasTaken && now < output.refusedUntil && output.written != false && !wanted(index, output.slot)
    }
  }

  private func note(_ index: Int, _ group: WriteGroup, _ body: (inout UnitState.Output) -> Void) {
    for place in units[index].outputs.indices where group.slots.contains(units[index].outputs[place].slot) {
      body(&units[index].outputs[place])
    }
  }

  private func write(_ index: Int, _ group: WriteGroup, _ levels: [Int: Bool]) -> Answer {
    let unit = units[index].unit
    let wires = group.slots.map { setting.outputs[$0].wire(levels[$0]!) }
    return ask(index) { () throws(ModbusError) in
      if group.table == .coil {
        try connection.writeCoils(unit: unit, address: group.first, levels: wires)
      } else if setting.outputs[group.slots[0]].words != nil {
        try connection.writeRegister(unit: unit, address: group.first, value: value(index, group, levels))
      } else {
        let bits = group.slots.map { setting.outputs[$0].place.bit }
        try connection.writeBits(unit: unit, register: group.first, bits: bits, levels: wires)
      }
    }
  }

  /// The register's value by all outputs that drive it: those that are written now, and those that stand.
  private func value(_ index: Int, _ group: WriteGroup, _ levels: [Int: Bool]) -> UInt16 {
    WritePlan.value(
      setting.sharing(setting.outputs[group.slots[0]].place).map { slot, words in
        let output = setting.outputs[slot]
        let standing = units[index].outputs.first { $0.slot == slot }?.written ?? output.safe
        return (words, output.wire(levels[slot] ?? standing))
      })
  }

  /// Sets the unit's own watchdog and reads it back.
  func setWatchdog(_ index: Int) {
    guard let watchdog = units[index].watchdog else { return }
    let now = MonotonicClock.now()
    if now < units[index].watchdogDue { return }
    var fault: ModbusError?
    let levels = units[index].safeCoils
    let answer = ask(index) { () throws(ModbusError) in
      do throws(ModbusError) {
        try connection.set(watchdog, levels: levels)
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
