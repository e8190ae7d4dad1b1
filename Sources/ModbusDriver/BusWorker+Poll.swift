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
    for member in group.members {
      let register = group.table.isRegister ? registers[member.offset] : 0
      guard let word = word(of: member, in: group) else { continue }
      let quality: Quality =
        switch word {
        case .on, .off: .good
        case .lost: .bad
        case .cut: .cut
        case .short: .short
        }
      inputs.publish(
        member.slot, level: (word == .on) != member.activeLow && quality == .good, quality: quality,
        register: register, at: now)
    }
  }

  /// Nil where nothing new is to be said: a value between all bands counts when it was read twice in a row.
  private func word(of member: PollGroup.Member, in group: PollGroup) -> ModbusReading.Word? {
    guard let reading = member.reading else { return isOn(member, in: group) ? .on : .off }
    if let word = reading.band(of: registers[member.offset]) {
      isBetween[member.slot] = false
      return word
    }
    if reading.otherwise == .lost, !isBetween[member.slot] {
      isBetween[member.slot] = true
      return nil
    }
    return reading.otherwise
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
      for member in group.members {
        if let level = level(of: member, in: group) { compare(index, member, level) }
      }
    case .refused where answer.isBusy: break
    case .refused: units[index].readBack.remove(at: place)
    case .none, .linkLost: break
    }
  }

  private func compare(_ index: Int, _ member: PollGroup.Member, _ level: Bool) {
    guard let place = units[index].outputs.firstIndex(where: { $0.slot == member.slot }),
      let written = units[index].outputs[place].written
    else { return }
    guard written != level else {
      units[index].outputs[place].differs = nil
      outputs.agree(member.slot)
      return
    }
    let wiring = units[index].outputs[place].wiring
    units[index].errors += 1
    units[index].lastError =
      "\(wiring.place) reads back as \(level): the unit restarted, or another master wrote it"
    if units[index].outputs[place].differs?.level != level {
      let now = MonotonicClock.now()
      units[index].outputs[place].differs = (now, level)
      outputs.differ(member.slot, reads: level, since: now)
    }
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

  /// The logical level that the last answer has for a bit.
  private func isOn(_ member: PollGroup.Member, in group: PollGroup) -> Bool {
    if !group.table.isRegister { return bits[member.offset] != 0 }
    if let bit = member.bit { return registers[member.offset] >> UInt16(bit) & 1 != 0 }
    return registers[member.offset] != 0
  }

  /// The logical level that the last answer has for an output; nil where it says nothing.
  private func level(of member: PollGroup.Member, in group: PollGroup) -> Bool? {
    guard let reading = member.reading else { return isOn(member, in: group) != member.activeLow }
    switch reading.band(of: registers[member.offset]) {
    case .on: return !member.activeLow
    case .off: return member.activeLow
    case .lost, .cut, .short, nil: return nil
    }
  }
}
