import ControlCore

extension FieldNames {
  /// What a technician should look at; nil where the cause says enough, or is no fault.
  static func advice(_ cause: Cause) -> String? {
    switch cause {
    case .notStarted:
      "the limit did not leave: look at motor power, fuse, thermal cut-out and this direction's relay, whether it is "
        + "locked by hand, and whether the other direction's relay sticks"
    case .tooSlow:
      "no limit within travel and margin: look for something in the way, at spring balance, clutch, capacitor, and the "
        + "limit that should have come"
    case .limitStuck:
      "the limit it left still reads as on: look at that switch, its cam and its wire"
    case .bothLimits:
      "both limits read as on: look at both switches and at a short in their cable"
    case .movedByHand:
      "it left its limit long after the motor stopped: somebody moved it or another control drove it; bring it to a limit"
    case .drifted:
      "it left its limit soon after the motor stopped: look at brake, spring balance and where the limit switch sits"
    case .relayWelded:
      "it moved as only its motor does while no output was on: cut the motor's power, measure both relays' contacts, and "
        + "replace one that sticks; then reset"
    case .wrongWay:
      "it closed when it was turned round: the operator does not do with a pulse what step_while_closing says"
    case .notStopped:
      "it moved on after the pulse that stops it: look at the operator's setting for a pulse while it closes"
    case .positionUnknown:
      "a limit was lost while a step drive moved: drive it to a limit with the operator's own control, then reset"
    case .obstructedTwice:
      "twice in a row something was met: look for what stands, hangs or leans in the way and at the sensors, then reset"
    case .closingFailedTwice:
      "twice in a row something came under it while it closed: look who stops there, for what reaches into beam or loop, and "
        + "at dirt, sun and snow on the photocell; then reset"
    case .sensorStuck:
      "a presence sensor stays covered or misses vehicles: clean and align the photocell, look for metal on the loop, "
        + "retune the detector"
    case .detectorFault:
      "the loop detector says that it is out of order: look at its lamp, its supply, and the loop for a break or a short"
    case .emergencyStopPressed: "release the emergency stop, look, then reset"
    case .sensorLost: "a signal is lost: look at its wire and its unit"
    default: nil
    }
  }
}
