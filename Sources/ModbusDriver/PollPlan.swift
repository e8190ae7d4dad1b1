/// One read: contiguous addresses of one table of one unit, and which inputs they fill.
struct PollGroup: Equatable {
  struct Member: Equatable {
    var slot: Int
    /// Place in the answer.
    var offset: Int
    var bit: Int?
    var activeLow: Bool
    var reading: ModbusReading?
  }

  var unit: Int
  var table: ModbusPlace.Table
  var first: Int
  var count: Int
  /// Whether it reads addresses that no input asked for.
  var hasGaps: Bool
  var members: [Member]
}

/// Which reads a round of polls is made of.
enum PollPlan {
  /// Groups in the order of units, tables and addresses. A gap that is not longer than the limits say is read along.
  static func groups(_ inputs: [ModbusInput], withGaps: Bool = true) -> [PollGroup] {
    groups(Array(inputs.enumerated().map { ($0.offset, $0.element) }), withGaps: withGaps)
  }

  /// Reads of one unit's outputs, without a gap; a member's slot is an output's. An impulse is not looked at: the device
  /// takes it back when it likes.
  static func readBack(_ setting: ModbusBusSetting, unit: Int) -> [PollGroup] {
    let outputs = setting.outputs.enumerated()
      .filter { $0.element.place.unit == unit && !$0.element.isImpulse }
    return groups(
      outputs.map { slot, output in
        let reading = output.words.map { readBack($0, setting.sharing(output.place).map(\.words)) }
        return (slot, ModbusInput(output.place, activeLow: output.activeLow, reading: reading))
      }, withGaps: false)
  }

  /// A value of none of the register's outputs says nothing: some boards take values that they never give back.
  private static func readBack(_ words: ModbusWords, _ all: [ModbusWords]) -> ModbusReading {
    let others = [words.off] + all.map(\.on).filter { $0 != words.on }
    return ModbusReading(
      bands: [.init(words.on...words.on, .on)] + others.map { .init($0...$0, .off) }, otherwise: .lost)
  }

  /// The same reads without the addresses that nobody asked for: for a unit that refuses those.
  static func split(_ group: PollGroup, _ inputs: [ModbusInput]) -> [PollGroup] {
    groups(group.members.map { ($0.slot, inputs[$0.slot]) }, withGaps: false)
  }

  private static func groups(_ inputs: [(slot: Int, input: ModbusInput)], withGaps: Bool) -> [PollGroup] {
    var result: [PollGroup] = []
    for (slot, input) in inputs.sorted(by: { isBefore($0.input.place, $1.input.place) }) {
      let place = input.place
      let gap = !withGaps ? 0 : place.table.isRegister ? ModbusLimits.gapOfRegisters : ModbusLimits.gapOfBits
      let most = place.table.isRegister ? ModbusLimits.registersOfRead : ModbusLimits.bitsOfRead
      if var group = result.last, group.unit == place.unit, group.table == place.table,
        place.address <= group.first + group.count + gap, place.address - group.first < most
      {
        group.hasGaps = group.hasGaps || place.address > group.first + group.count
        group.count = max(group.count, place.address - group.first + 1)
        group.members.append(member(slot, input, place.address - group.first))
        result[result.count - 1] = group
      } else {
        result.append(
          PollGroup(
            unit: place.unit, table: place.table, first: place.address, count: 1, hasGaps: false,
            members: [member(slot, input, 0)]))
      }
    }
    return result
  }

  private static func member(_ slot: Int, _ input: ModbusInput, _ offset: Int) -> PollGroup.Member {
    PollGroup.Member(
      slot: slot, offset: offset, bit: input.place.bit, activeLow: input.activeLow, reading: input.reading)
  }

  private static func isBefore(_ left: ModbusPlace, _ right: ModbusPlace) -> Bool {
    let order = ModbusPlace.Table.allCases
    let tables = (order.firstIndex(of: left.table)!, order.firstIndex(of: right.table)!)
    return (left.unit, tables.0, left.address) < (right.unit, tables.1, right.address)
  }
}
