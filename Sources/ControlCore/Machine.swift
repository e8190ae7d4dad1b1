/// The machine of one point.
enum Machine {
  case none
  case barrier(BarrierMachine)
  case gate(GateMachine)
  case door(DoorMachine)
  case turnstile(TurnstileMachine)
}

extension Controller {
  @_noLocks
  func reading(_ input: InputIndex?) -> Reading {
    if let input { return inputs[input.position].reading }
    return .absent
  }

  @_noLocks
  private func lane(_ sensors: PassageSensors) -> LaneSensors {
    var lane = LaneSensors()
    lane.closingLoop = reading(sensors.inputs.closingLoop)
    lane.photocell = reading(sensors.inputs.photocell)
    lane.interruptLoop = reading(sensors.inputs.interruptLoop)
    lane.shadowLoop = reading(sensors.inputs.shadowLoop)
    lane.exitLoop = reading(sensors.inputs.exitLoop)
    lane.armingLoop = reading(sensors.inputs.armingLoop)
    lane.detectorFault = reading(sensors.inputs.detectorFault)
    lane.holdToOpen = reading(sensors.inputs.holdToOpen)
    lane.holdToClose = reading(sensors.inputs.holdToClose)
    lane.isBlind = sensors.isBlind
    lane.stuck = sensors.stuck
    lane.believeDetector()
    return lane
  }

  @_noLocks
  func sight(_ machine: BarrierMachine) -> BarrierSight {
    let setting = machine.setting
    var sight = BarrierSight()
    sight.up = reading(setting.up)
    sight.down = reading(setting.down)
    sight.moving = reading(setting.moving)
    sight.lane = lane(machine.core.sensors)
    return sight
  }

  @_noLocks
  func sight(_ machine: GateMachine) -> GateSight {
    let setting = machine.setting
    var sight = GateSight()
    sight.openLimit = reading(setting.openLimit)
    sight.closedLimit = reading(setting.closedLimit)
    sight.moving = reading(setting.moving)
    sight.lane = lane(machine.core.sensors)
    sight.safetyEdge = reading(setting.safetyEdge)
    sight.emergencyStop = reading(setting.emergencyStop)
    return sight
  }

  @_noLocks
  func sight(_ machine: DoorMachine) -> DoorSight {
    let setting = machine.setting
    var sight = DoorSight()
    sight.contact = reading(setting.contact)
    sight.passive = reading(setting.passiveContact)
    sight.join()
    sight.bond = reading(setting.bond)
    sight.lockPosition = reading(setting.lockPosition)
    sight.exitButton = reading(setting.exitButton)
    sight.tamper = reading(setting.tamper)
    return sight
  }

  @_noLocks
  func sight(_ machine: TurnstileMachine) -> TurnstileSight {
    let setting = machine.setting
    var sight = TurnstileSight()
    sight.rotationIn = reading(setting.rotationIn)
    sight.rotationOut = reading(setting.rotationOut)
    sight.rotation = reading(setting.rotation)
    sight.exitButton = reading(setting.exitButton)
    sight.tamper = reading(setting.tamper)
    return sight
  }

  @_noLocks
  func isOpen(_ point: Int) -> Bool {
    switch machines[point] {
    case .none: return false
    case .barrier(let machine): return machine.isOpen(sight(machine))
    case .gate(let machine): return machine.isOpen(sight(machine))
    case .door(let machine): return machine.isOpen(sight(machine))
    case .turnstile(let machine): return machine.isOpen(sight(machine))
    }
  }

  /// In motion or unlocked by the machine's own work: no test may touch its outputs.
  @_noLocks
  func isBusy(_ point: Int) -> Bool {
    switch machines[point] {
    case .none: return false
    case .barrier(let machine): return machine.isBusy
    case .gate(let machine): return machine.isBusy
    case .door(let machine): return !(machine.bolt == .locked)
    case .turnstile(let machine): return !(machine.phase == .locked) || !machine.pending.isEmpty
    }
  }

  @_noLocks
  mutating func run(_ point: Int, _ scene: Scene, _ events: inout EventBuffer) {
    switch machines[point] {
    case .none: return
    case .barrier(var machine):
      machine.step(sight(machine), scene, &events)
      machines[point] = .barrier(machine)
    case .gate(var machine):
      machine.step(sight(machine), scene, &events)
      machines[point] = .gate(machine)
    case .door(var machine):
      machine.step(sight(machine), scene, &events)
      machines[point] = .door(machine)
    case .turnstile(var machine):
      machine.step(sight(machine), scene, &events)
      machines[point] = .turnstile(machine)
    }
  }

  @_noLocks
  func refusal(of order: Order, at point: Int, _ scene: Scene) -> Cause {
    switch machines[point] {
    case .none: return .badArgument
    case .barrier(let machine): return machine.refusal(of: order, sight(machine), scene)
    case .gate(let machine): return machine.refusal(of: order, sight(machine), scene)
    case .door(let machine): return machine.refusal(of: order, sight(machine), scene)
    case .turnstile(let machine): return machine.refusal(of: order, sight(machine), scene)
    }
  }

  @_noLocks
  mutating func obey(_ order: Order, at point: Int, _ scene: Scene, _ events: inout EventBuffer) {
    switch machines[point] {
    case .none: return
    case .barrier(var machine):
      machine.obey(order, sight(machine), scene, &events)
      machines[point] = .barrier(machine)
    case .gate(var machine):
      machine.obey(order, sight(machine), scene, &events)
      machines[point] = .gate(machine)
    case .door(var machine):
      machine.obey(order, sight(machine), scene, &events)
      machines[point] = .door(machine)
    case .turnstile(var machine):
      machine.obey(order, scene, &events)
      machines[point] = .turnstile(machine)
    }
  }

  /// Out of service or maintenance begins: what was granted is taken back, nothing new starts by itself.
  @_noLocks
  mutating func withdraw(_ cause: Cause, at point: Int, _ scene: Scene, _ events: inout EventBuffer) {
    switch machines[point] {
    case .none: return
    case .barrier(var machine):
      machine.withdraw(cause, scene, &events)
      machines[point] = .barrier(machine)
    case .gate(var machine):
      machine.withdraw(cause, scene, &events)
      machines[point] = .gate(machine)
    case .door(var machine):
      machine.withdraw(cause, scene, &events)
      machines[point] = .door(machine)
    case .turnstile(var machine):
      machine.withdraw(cause, scene, &events)
      machines[point] = .turnstile(machine)
    }
  }
}
