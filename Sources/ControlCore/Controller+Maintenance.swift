extension Controller {
  @_noLocks
  mutating func setMaintenance(
    _ on: Bool, _ command: Command, _ now: Instant, _ events: inout EventBuffer
  ) {
    answer(command, .none, now, &events)
    guard on != inMaintenance else { return }
    inMaintenance = on
    events.append(Event(on ? .maintenanceStarted : .maintenanceEnded, at: now, token: command.token))
    guard on else {
      endTests()
      return
    }
    for point in 0..<pointCount {
      withdraw(.maintenance, at: point, scene(point, now), &events)
      noteOpen(point)
    }
  }

  @_noLocks
  mutating func test(
    _ output: OutputIndex, _ level: Bool, _ time: Interval, _ command: Command, _ now: Instant,
    _ events: inout EventBuffer
  ) {
    let cause = refusalOfTest(output, level, time, now)
    answer(command, cause, now, &events)
    guard cause == .none, let slot = slotForTest(output) else { return }
    var test = OutputTest()
    test.output = output.position
    test.point = outputs[output.position].owner
    test.level = level
    test.ends = now + time
    test.token = command.token
    tests[slot] = test
    noteTests()
  }

  @_noLocks
  private func refusalOfTest(_ output: OutputIndex, _ level: Bool, _ time: Interval, _ now: Instant) -> Cause
  {
    guard inMaintenance else { return .notInMaintenance }
    guard output.position < outputCount, Limits.longestTest >= time else { return .badArgument }
    guard let _ = slotForTest(output) else { return .alreadyBusy }
    let point = outputs[output.position].owner
    guard point >= 0 else { return isSwitchedByPlan(output.position) ? .emergency : .none }
    let bit = UInt64(1) << UInt64(point)
    if (released | heldOpen) & bit != 0 { return .emergency }
    if isBusy(point) { return .alreadyBusy }
    // One output of a point at a time: never both directions.
    for slot in 0..<Limits.testsAtOnce
    where tests[slot].point == point && tests[slot].output != output.position {
      return .outputConflict
    }
    if frees(output, level, point) && interlocks.isFull(for: point, open: open | underTest) {
      return .interlock
    }
    return level ? obstacle(to: output, at: point, now) : .none
  }

  @_noLocks
  private func slotForTest(_ output: OutputIndex) -> Int? {
    var free: Int?
    for slot in 0..<Limits.testsAtOnce {
      if tests[slot].output == output.position { return slot }
      if tests[slot].isFree { free = slot }
    }
    return free
  }

  /// Whether the level opens or unlocks the point.
  @_noLocks
  private func frees(_ output: OutputIndex, _ level: Bool, _ point: Int) -> Bool {
    switch machines[point] {
    case .none: return false
    case .barrier(let machine): return level && output.raw == machine.setting.raise.raw
    case .gate(let machine): return level && output.raw == machine.setting.open.raw
    case .door(let machine): return level == (machine.setting.fail == .secure)
    case .turnstile(let machine):
      if let free = machine.setting.free, free.raw == output.raw {
        return level == (machine.setting.fail == .secure)
      }
      return level
    }
  }

  /// What forbids the output to be energised now, tested or not.
  @_noLocks
  private func obstacle(to output: OutputIndex, at point: Int, _ now: Instant) -> Cause {
    switch machines[point] {
    case .none, .door, .turnstile: return .none
    case .barrier(let machine): return machine.obstacle(toTest: output, sight(machine), now)
    case .gate(let machine): return machine.obstacle(toTest: output, sight(machine), now)
    }
  }

  /// Lays running tests over the outputs; ends those whose time is over or whose point has something to do.
  @_noLocks
  mutating func followTests(_ now: Instant, _ image: inout OutputImage, _ events: inout EventBuffer) {
    for slot in 0..<Limits.testsAtOnce where !tests[slot].isFree {
      let test = tests[slot]
      guard !isOver(test, now) else {
        tests[slot] = OutputTest()
        events.append(
          Event(.outputTested, at: now, output: OutputIndex(test.output), token: test.token))
        continue
      }
      image.level[test.output] = test.level
      if test.level, test.point >= 0 { darkenOther(OutputIndex(test.output), test.point, &image) }
      if test.level && test.point >= 0 { noteDriven(OutputIndex(test.output), test.point, now) }
    }
    noteTests()
  }

  @_noLocks
  private func isOver(_ test: OutputTest, _ now: Instant) -> Bool {
    if now >= test.ends { return true }
    guard test.point >= 0 else { return isSwitchedByPlan(test.output) }
    if (released | heldOpen) & (UInt64(1) << UInt64(test.point)) != 0 || isBusy(test.point) { return true }
    return test.level && !(obstacle(to: OutputIndex(test.output), at: test.point, now) == .none)
  }

  /// Red and green never show together, in a test of one of them either.
  @_noLocks
  private func darkenOther(_ output: OutputIndex, _ point: Int, _ image: inout OutputImage) {
    switch machines[point] {
    case .none, .door, .turnstile: return
    case .barrier(let machine): darken(machine.setting.red, machine.setting.green, output, &image)
    case .gate(let machine): darken(machine.setting.red, machine.setting.green, output, &image)
    }
  }

  @_noLocks
  private func darken(
    _ red: OutputIndex?, _ green: OutputIndex?, _ tested: OutputIndex, _ image: inout OutputImage
  ) {
    guard let red, let green else { return }
    if tested.raw == red.raw { image.level[green.position] = false }
    if tested.raw == green.raw { image.level[red.position] = false }
  }

  /// A tested direction needs its dead time like any other motion.
  @_noLocks
  private mutating func noteDriven(_ output: OutputIndex, _ point: Int, _ now: Instant) {
    switch machines[point] {
    case .none, .door, .turnstile: return
    case .barrier(var machine):
      let raises = output.raw == machine.setting.raise.raw
      guard raises || output.raw == machine.setting.lower.raw else { return }
      machine.core.actuator.noteTest(raises ? .opening : .closing, now)
      machines[point] = .barrier(machine)
    case .gate(var machine):
      let opens = output.raw == machine.setting.open.raw
      guard opens || output.raw == machine.setting.close.raw else { return }
      machine.core.actuator.noteTest(opens ? .opening : .closing, now)
      machines[point] = .gate(machine)
    }
  }

  @_noLocks
  private mutating func endTests() {
    for slot in 0..<Limits.testsAtOnce where !tests[slot].isFree { tests[slot].ends = .zero }
  }

  @_noLocks
  private mutating func noteTests() {
    underTest = 0
    for slot in 0..<Limits.testsAtOnce where tests[slot].point >= 0 {
      underTest |= UInt64(1) << UInt64(tests[slot].point)
    }
  }
}
