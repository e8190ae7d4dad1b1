extension ControllerSetting {
  /// Traps on a breach: the site file was checked before, so that one here is a programmer's error.
  func checkLimits() {
    precondition(inputs.count <= Limits.inputs, "too many inputs")
    precondition(outputs.count <= Limits.outputs, "too many outputs")
    precondition(points.count <= Limits.points, "too many points")
    precondition(interlocks.count <= Limits.interlocks, "too many interlock groups")
    precondition(emergencies.count <= Limits.emergencyPlans, "too many emergency plans")
    var used: Set<OutputIndex> = []
    for point in points {
      point.checkStep()
      for output in point.outputs {
        precondition(output.position < outputs.count, "a point names an output that is not there")
        precondition(used.insert(output).inserted, "two points, or two functions of one, share an output")
      }
      for input in point.inputs {
        precondition(input.position < inputs.count, "a point names an input that is not there")
      }
    }
    for case .turnstile(let turnstile) in points {
      precondition(turnstile.provesItsPassages, "a turnstile releases a way that no sensor proves")
    }
    for group in interlocks {
      precondition(group.points.count <= Limits.pointsOfInterlock, "too many points in an interlock group")
      precondition(group.atMost >= 1, "an interlock that lets nobody through")
      for point in group.points { precondition(point.position < points.count, "an interlock names no point") }
    }
    for plan in emergencies {
      precondition(plan.inputs.count <= Limits.inputsOfPlan, "too many inputs of an emergency plan")
      for input in plan.inputs { precondition(input.position < inputs.count, "a plan names no input") }
      var named: Set<PointIndex> = []
      for point in plan.release + plan.holdOpen + plan.lock {
        precondition(point.position < points.count, "a plan names no point")
        precondition(named.insert(point).inserted, "a plan names a point twice")
      }
      checkOutputs(of: plan, used)
    }
  }
}

extension ControllerSetting {
  private func checkOutputs(of plan: EmergencySetting, _ used: Set<OutputIndex>) {
    precondition(plan.outputs.count <= Limits.outputsOfPlan, "too many outputs of an emergency plan")
    for output in plan.outputs.map(\.output) {
      precondition(output.position < outputs.count, "a plan names no output")
      precondition(!used.contains(output), "a plan switches an output that a point owns")
    }
    precondition(plan.kind != .fire || plan.lock.isEmpty, "fire locks nothing")
    precondition(plan.kind != .fire || plan.after == .zero, "fire waits for nothing")
  }
}

extension PointSetting {
  /// A step drive cannot be stopped by a pulse that is certain to stop it, nor moved where its limits are not known.
  fileprivate func checkStep() {
    switch self {
    case .barrier(let barrier):
      guard barrier.style == .step else { return }
      precondition(barrier.raise == barrier.lower, "a step drive has one output")
      precondition(barrier.up != nil && barrier.down != nil, "a step drive needs both limits")
    case .gate(let gate):
      guard gate.style == .step else { return }
      precondition(gate.open == gate.close, "a step drive has one output")
      precondition(gate.openLimit != nil && gate.closedLimit != nil, "a step drive needs both limits")
      let stops = gate.emergencyStop != nil || gate.safetyEdge != nil
      precondition(!stops || gate.stop != nil, "a step drive is stopped by an output of its own")
    case .door, .turnstile: return
    }
  }

  /// Every output that the point owns.
  var outputs: [OutputIndex] {
    switch self {
    case .barrier(let barrier):
      (barrier.style == .step ? [barrier.raise] : [barrier.raise, barrier.lower])
        + [barrier.red, barrier.green, barrier.sensorTest, barrier.sign, barrier.alarm].compactMap { $0 }
    case .gate(let gate):
      (gate.style == .step ? [gate.open] : [gate.open, gate.close])
        + [gate.stop, gate.warning, gate.red, gate.green, gate.sensorTest, gate.sign, gate.alarm].compactMap {
          $0
        }
    case .door(let door): [door.lock]
    case .turnstile(let turnstile): turnstile.outputs
    }
  }

  /// Every input that the point looks at.
  var inputs: [InputIndex] {
    switch self {
    case .barrier(let barrier):
      [
        barrier.up, barrier.down, barrier.armingLoop, barrier.closingLoop, barrier.interruptLoop,
        barrier.exitLoop, barrier.shadowLoop, barrier.photocell, barrier.moving, barrier.detectorFault,
        barrier.holdToClose,
      ].compactMap { $0 }
    case .gate(let gate):
      [
        gate.openLimit, gate.closedLimit, gate.armingLoop, gate.closingLoop, gate.interruptLoop,
        gate.exitLoop, gate.shadowLoop, gate.photocell, gate.safetyEdge, gate.emergencyStop, gate.moving,
        gate.detectorFault, gate.holdToClose, gate.holdToOpen,
      ].compactMap { $0 }
    case .door(let door):
      [door.contact, door.passiveContact, door.bond, door.lockPosition, door.exitButton, door.tamper]
        .compactMap { $0 }
    case .turnstile(let turnstile): turnstile.inputs
    }
  }
}
