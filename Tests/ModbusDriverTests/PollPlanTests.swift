import Testing

@testable import ModbusDriver

@Suite struct PollPlanTests {
  @Test func neighboursAreReadTogether() {
    let inputs = [3, 0, 1, 2].map { ModbusInput(ModbusPlace(unit: 1, table: .discreteInput, address: $0)) }
    let groups = PollPlan.groups(inputs)
    #expect(groups.count == 1)
    #expect(groups[0].first == 0)
    #expect(groups[0].count == 4)
    #expect(!groups[0].hasGaps)
    #expect(groups[0].members.map(\.slot) == [1, 2, 3, 0])
    #expect(groups[0].members.map(\.offset) == [0, 1, 2, 3])
  }

  @Test func unitsAndTablesStayApart() {
    let inputs = [
      ModbusInput(ModbusPlace(unit: 2, table: .coil, address: 0)),
      ModbusInput(ModbusPlace(unit: 1, table: .coil, address: 0)),
      ModbusInput(ModbusPlace(unit: 1, table: .holdingRegister, address: 1)),
    ]
    #expect(PollPlan.groups(inputs).map(\.unit) == [1, 1, 2])
  }

  @Test(arguments: [(32, 1), (33, 1), (34, 2)]) func aGapIsBounded(address: Int, groups: Int) {
    let inputs = [0, address].map { ModbusInput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let plan = PollPlan.groups(inputs)
    #expect(plan.count == groups)
    #expect(plan[0].hasGaps == (groups == 1))
  }

  @Test func noReadIsLargerThanTheProtocolAllows() {
    let bits = (0..<4_500).map { ModbusInput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    #expect(PollPlan.groups(bits).map(\.count) == [2_000, 2_000, 500])
    let words = (0..<300).map { ModbusInput(ModbusPlace(unit: 1, table: .inputRegister, address: $0)) }
    #expect(PollPlan.groups(words).map(\.count) == [125, 125, 50])
  }

  @Test func bitsOfOneRegisterAreOneRead() {
    let inputs = (0..<16).map {
      ModbusInput(ModbusPlace(unit: 1, table: .holdingRegister, address: 7, bit: $0))
    }
    let groups = PollPlan.groups(inputs)
    #expect(groups.count == 1)
    #expect(groups[0].count == 1)
    #expect(groups[0].members.count == 16)
  }

  @Test func splittingLeavesNoGap() {
    let inputs = [0, 1, 5, 6, 20].map { ModbusInput(ModbusPlace(unit: 1, table: .coil, address: $0)) }
    let whole = PollPlan.groups(inputs)
    #expect(whole.count == 1)
    let parts = PollPlan.split(whole[0], inputs)
    #expect(parts.map(\.first) == [0, 5, 20])
    #expect(parts.map(\.count) == [2, 2, 1])
    #expect(parts.allSatisfy { !$0.hasGaps })
    #expect(parts.flatMap(\.members).map(\.slot) == [0, 1, 2, 3, 4])
  }
}

@Suite struct WritePlanTests {
  private func coils(_ addresses: [Int]) -> [(slot: Int, output: ModbusOutput)] {
    addresses.enumerated().map {
      ($0.offset, ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: $0.element)))
    }
  }

  @Test func whatFallsGoesFirst() {
    let groups = WritePlan.groups(coils([0, 1, 2]), level: { $0 == 0 })
    #expect(
      groups == [
        WriteGroup(table: .coil, first: 1, slots: [1, 2], rises: false),
        WriteGroup(table: .coil, first: 0, slots: [0], rises: true),
      ])
  }

  @Test func anAddressOfNobodyIsNotWritten() {
    let groups = WritePlan.groups(coils([0, 2, 3]), level: { _ in false })
    #expect(groups.map(\.first) == [0, 2])
    #expect(groups.map(\.slots.count) == [1, 2])
  }

  @Test func bitsOfOneRegisterAreOneWrite() {
    let outputs: [(slot: Int, output: ModbusOutput)] = (0..<3).map {
      (slot: $0, output: ModbusOutput(ModbusPlace(unit: 1, table: .holdingRegister, address: 4, bit: $0)))
    }
    #expect(
      WritePlan.groups(outputs, level: { _ in true }) == [
        WriteGroup(table: .holdingRegister, first: 4, slots: [0, 1, 2], rises: true)
      ])
  }
}

@Suite struct SettingTests {
  @Test(arguments: [
    (0, true, true), (0, false, false), (1, false, true), (247, false, true), (248, true, false),
    (255, true, true),
    (255, false, false), (-1, true, false), (70_000, true, false),
  ]) func unitsAreChecked(unit: Int, tcp: Bool, right: Bool) {
    let link: ModbusBusSetting.Link =
      tcp
      ? .tcp(host: "127.0.0.1", port: 502) : .serial(path: "/dev/x", baud: 9_600, parity: .none, stopBits: 1)
    let setting = ModbusBusSetting(
      name: "b", link: link, inputs: [ModbusInput(ModbusPlace(unit: unit, table: .coil, address: 0))])
    #expect(setting.faults().isEmpty == right)
  }

  @Test func everyFaultIsTold() {
    let setting = ModbusBusSetting(
      name: "b", link: .tcp(host: "127.0.0.1", port: 502),
      inputs: [
        ModbusInput(ModbusPlace(unit: 1, table: .coil, address: 65_536)),
        ModbusInput(ModbusPlace(unit: 1, table: .coil, address: 0, bit: 1)),
        ModbusInput(ModbusPlace(unit: 1, table: .inputRegister, address: 0, bit: 16)),
      ],
      outputs: [
        ModbusOutput(ModbusPlace(unit: 1, table: .discreteInput, address: 0)),
        ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 9)),
        ModbusOutput(ModbusPlace(unit: 1, table: .coil, address: 9)),
      ])
    #expect(setting.faults().count == 5)
    #expect(throws: ModbusError.setting(setting.faults())) { try ModbusBus(setting) }
  }
}
