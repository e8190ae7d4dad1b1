import ControlCore
import Platform

extension BusWorker {
  /// Reads one group and publishes what it says; returns by how many groups to move on.
  func poll(_ index: Int, _ place: Int) -> Int {
    let group = units[index].groups[place]
    let answer = read(index, group)
    switch answer {
    case .given: publish(group)
    case .refused where answer.isBusy: break
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
    for member in group.members { inputs.publish(member.slot, level: level(of: member, in: group), at: now) }
  }

  /// Looks whether the unit's outputs still have the levels that it confirmed; also the sign of life of a unit that has
  /// only outputs.
  ///
  /// One that left its safe level by itself is driven back at once. One that fell back to it is only told of: a relay
  /// that ends its pulse by itself must not be pulsed again.
  func readBack(_ index: Int) {
    let now = MonotonicClock.now()
    guard !units[index].readBack.isEmpty, now >= units[index].readBackAt else { return }
    units[index].readBackAt = now &+ ModbusLimits.readBack.nanoseconds
    let place = units[index].readBackNext % units[index].readBack.count
    let group = units[index].readBack[place]
    let answer = read(index, group)
    switch answer {
    case .given:
      units[index].readBackNext = place + 1
      for member in group.members { compare(index, member, level(of: member, in: group)) }
    case .refused where answer.isBusy: break
    case .refused: units[index].readBack.remove(at: place)
    case .none, .linkLost: break
    }
  }

  private func compare(_ index: Int, _ member: PollGroup.Member, _ level: Bool) {
    guard let place = units[index].outputs.firstIndex(where: { $0.slot == member.slot }),
      let written = units[index].outputs[place].written, written != level
    else { return }
    let wiring = units[index].outputs[place].wiring
    units[index].errors += 1
    units[index].lastError =
      "\(wiring.place) reads back as \(level): the unit restarted, or another master wrote it"
    if written == wiring.safe { units[index].outputs[place].written = nil }
  }

  private func read(_ index: Int, _ group: PollGroup) -> Answer {
    ask(index) { () throws(ModbusError) in
      if group.table.isRegister {
        try connection.readRegisters(
          unit: group.unit, table: group.table, address: group.first, count: group.count, into: &registers)
      } else {
        try connection.readBits(
          unit: group.unit, table: group.table, address: group.first, count: group.count, into: &bits)
      }
    }
  }

  /// The logical level that the last answer has for a member.
  private func level(of member: PollGroup.Member, in group: PollGroup) -> Bool {
    let wire: Bool
    if !group.table.isRegister {
      wire = bits[member.offset] != 0
    } else if let bit = member.bit {
      wire = registers[member.offset] >> UInt16(bit) & 1 != 0
    } else {
      wire = registers[member.offset] != 0
    }
    return wire != member.activeLow
  }
}
