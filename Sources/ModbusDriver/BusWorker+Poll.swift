import ControlCore
import Platform

extension BusWorker {
  /// Reads one group and publishes what it says; returns by how many groups to move on.
  func poll(_ index: Int, _ place: Int) -> Int {
    let group = units[index].groups[place]
    let answer = ask(index) { () throws(ModbusError) in
      if group.table.isRegister {
        try connection.readRegisters(
          unit: group.unit, table: group.table, address: group.first, count: group.count, into: &registers)
      } else {
        try connection.readBits(
          unit: group.unit, table: group.table, address: group.first, count: group.count, into: &bits)
      }
    }
    switch answer {
    case .given: publish(group)
    case .refused(let code):
      for member in group.members { inputs.spoil(member.slot) }
      // Illegal data address, perhaps one that nobody asked for: from now on without the gaps.
      if code == 2, group.hasGaps {
        units[index].groups.replaceSubrange(place...place, with: PollPlan.split(group, setting.inputs))
        return 0
      }
    case .none, .linkLost: break
    }
    return 1
  }

  private func publish(_ group: PollGroup) {
    let now = MonotonicClock.now()
    for member in group.members {
      let wire: Bool
      if !group.table.isRegister {
        wire = bits[member.offset] != 0
      } else if let bit = member.bit {
        wire = registers[member.offset] >> UInt16(bit) & 1 != 0
      } else {
        wire = registers[member.offset] != 0
      }
      inputs.publish(member.slot, level: wire != member.activeLow, at: now)
    }
  }
}
