extension Controller {
  /// What the point has done in its life, with what was told of it before this start.
  public func wear(of point: PointIndex) -> PointWear {
    precondition(point.position < pointCount, "no such point")
    switch machines[point.position] {
    case .none: return PointWear()
    case .barrier(let machine): return machine.core.life
    case .gate(let machine): return machine.core.life
    case .door(let machine):
      var wear = PointWear()
      wear.cycles = machine.cycles
      return wear
    case .turnstile(let machine):
      var wear = PointWear()
      wear.cycles = machine.cycles
      return wear
    }
  }

  /// How often the output was switched on in its life.
  public func operations(of output: OutputIndex) -> UInt32 {
    precondition(output.position < outputCount, "no such output")
    return outputs[output.position].operations
  }

  mutating func restore(_ wear: PointWear, at position: Int) {
    switch machines[position] {
    case .none: return
    case .barrier(var machine):
      machine.core.restore(wear, driftPercent: machine.setting.driftPercent)
      machines[position] = .barrier(machine)
    case .gate(var machine):
      machine.core.restore(wear, driftPercent: machine.setting.driftPercent)
      machines[position] = .gate(machine)
    case .door(var machine):
      machine.setCycles(wear.cycles)
      machines[position] = .door(machine)
    case .turnstile(var machine):
      machine.cycles = wear.cycles
      machines[position] = .turnstile(machine)
    }
  }

  /// Its motor was replaced: cycles and reversals count from zero, and its usual travel is learned anew.
  @_noLocks
  mutating func forgetWear(at position: Int) {
    switch machines[position] {
    case .none: return
    case .barrier(var machine):
      machine.core.forgetWear()
      machines[position] = .barrier(machine)
    case .gate(var machine):
      machine.core.forgetWear()
      machines[position] = .gate(machine)
    case .door(var machine):
      machine.setCycles(0)
      machines[position] = .door(machine)
    case .turnstile(var machine):
      machine.cycles = 0
      machines[position] = .turnstile(machine)
    }
  }
}

extension LaneCore {
  var life: PointWear {
    @_noLocks get {
      var life = PointWear()
      life.cycles = cycles
      life.reversals = actuator.reversals
      life.tailgates = watch.tailgates
      life.opening = wear.opening
      life.closing = wear.closing
      return life
    }
  }

  mutating func restore(_ past: PointWear, driftPercent: UInt64) {
    cycles = past.cycles
    actuator.reversals = past.reversals
    watch.tailgates = past.tailgates
    wear = TravelWear(driftPercent: driftPercent, past: past)
  }

  @_noLocks
  mutating func forgetWear() {
    cycles = 0
    actuator.reversals = 0
    wear.forget()
  }
}

extension DoorMachine {
  /// What it knows of the last closing stays true.
  @_noLocks
  mutating func setCycles(_ count: UInt32) {
    let isClosed = cycles == cyclesWhenClosed
    cycles = count
    cyclesWhenClosed = isClosed ? count : count &- 1
  }
}
