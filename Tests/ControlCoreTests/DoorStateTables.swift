// What happens at a door, as ``StateTable`` writes it down: state; change: events; state after; outputs that are on.

extension DoorKind {
  var table: String {
    switch self {
    case .secure: secureDoorTable
    case .safe: safeDoorTable
    case .blind: blindDoorTable
    case .leaves: leavesDoorTable
    }
  }
}

private let secureDoorTable = """
  locked; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; lock
  locked; tamper on: tamper; locked; -
  locked; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  locked; contact off: forcedOpen; forced; -
  locked; contact lost: ; unknown; -
  granted; button pressed: exitRequested(exitButton); unlocked; lock
  granted; tamper on: tamper; unlocked; lock
  granted; fire on: emergencyStarted noEntry(emergency) unlocked(emergencyPlan); released; lock
  granted; 6 s: locked noEntry; locked; -
  granted; contact off: opened(credential) passage(credential); openDoor; lock
  exit pressed; tamper on: tamper; unlocked; lock
  exit pressed; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  exit pressed; 6 s: locked; locked; -
  exit pressed; contact off: opened(exitButton); openDoor; lock
  free; button pressed: exitRequested(exitButton); unlocked; lock
  free; tamper on: tamper; unlocked; lock
  free; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  free; contact off: opened(freeAccess); openDoor; lock
  released; button pressed: exitRequested(exitButton); released; lock
  released; tamper on: tamper; released; lock
  released; fire off: emergencyInputEnded; released; lock
  released; fire lost: emergencyInputEnded; released; lock
  released; contact off: opened(emergencyPlan); released; lock
  lockdown; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; lock
  lockdown; tamper on: tamper; locked; -
  lockdown; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  lockdown; contact off: forcedOpen; forced; -
  lockdown; contact lost: ; unknown; -
  out of service; button pressed: exitRequested(exitButton) unlocked(exitButton); outOfService; lock
  out of service; tamper on: tamper; outOfService; -
  out of service; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  out of service; contact off: forcedOpen; outOfService; -
  maintenance; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; lock
  maintenance; tamper on: tamper; locked; -
  maintenance; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  maintenance; contact off: forcedOpen; forced; -
  maintenance; contact lost: ; unknown; -
  open; button pressed: exitRequested(exitButton); openDoor; lock
  open; tamper on: tamper; openDoor; lock
  open; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  open; 6 s: heldWarning; openDoor; lock
  open; contact on: closed locked(passageEnded); locked; -
  open; contact lost: ; unlocked; lock
  free and open; button pressed: exitRequested(exitButton); openDoor; lock
  free and open; tamper on: tamper; openDoor; lock
  free and open; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  free and open; 6 s: heldWarning; openDoor; lock
  free and open; contact on: closed; unlocked; lock
  free and open; contact lost: ; unlocked; lock
  released and open; button pressed: exitRequested(exitButton); released; lock
  released and open; tamper on: tamper; released; lock
  released and open; fire off: emergencyInputEnded; released; lock
  released and open; fire lost: emergencyInputEnded; released; lock
  released and open; contact on: closed; released; lock
  held; button pressed: exitRequested(exitButton); held; lock
  held; tamper on: tamper; held; lock
  held; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  held; contact on: heldEnded closed locked(passageEnded); locked; -
  held; contact lost: locked; held; -
  forced; button pressed: exitRequested(exitButton) unlocked(exitButton); forced; lock
  forced; tamper on: tamper; forced; -
  forced; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  forced; contact on: closed; locked; -
  propped; button pressed: exitRequested(exitButton); openDoor; lock
  propped; tamper on: tamper; openDoor; lock
  propped; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  propped; contact on: closed locked(passageEnded); locked; -
  propped; contact lost: ; unlocked; lock
  forced in lockdown; button pressed: exitRequested(exitButton) unlocked(exitButton); forced; lock
  forced in lockdown; tamper on: tamper; forced; -
  forced in lockdown; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  forced in lockdown; contact on: closed; locked; -
  """

private let safeDoorTable = """
  locked; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; -
  locked; tamper on: tamper; locked; lock
  locked; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  locked; contact off: forcedOpen; forced; lock
  locked; contact lost: ; unknown; lock
  granted; button pressed: exitRequested(exitButton); unlocked; -
  granted; tamper on: tamper; unlocked; -
  granted; fire on: emergencyStarted noEntry(emergency) unlocked(emergencyPlan); released; -
  granted; 6 s: locked noEntry; locked; lock
  granted; contact off: opened(credential) passage(credential); openDoor; -
  exit pressed; tamper on: tamper; unlocked; -
  exit pressed; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  exit pressed; 6 s: locked; locked; lock
  exit pressed; contact off: opened(exitButton); openDoor; -
  free; button pressed: exitRequested(exitButton); unlocked; -
  free; tamper on: tamper; unlocked; -
  free; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  free; contact off: opened(freeAccess); openDoor; -
  released; button pressed: exitRequested(exitButton); released; -
  released; tamper on: tamper; released; -
  released; fire off: emergencyInputEnded; released; -
  released; fire lost: emergencyInputEnded; released; -
  released; contact off: opened(emergencyPlan); released; -
  lockdown; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; -
  lockdown; tamper on: tamper; locked; lock
  lockdown; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  lockdown; contact off: forcedOpen; forced; lock
  lockdown; contact lost: ; unknown; lock
  out of service; button pressed: exitRequested(exitButton) unlocked(exitButton); outOfService; -
  out of service; tamper on: tamper; outOfService; lock
  out of service; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  out of service; contact off: forcedOpen; outOfService; lock
  maintenance; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; -
  maintenance; tamper on: tamper; locked; lock
  maintenance; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  maintenance; contact off: forcedOpen; forced; lock
  maintenance; contact lost: ; unknown; lock
  open; button pressed: exitRequested(exitButton); openDoor; -
  open; tamper on: tamper; openDoor; -
  open; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  open; 6 s: heldWarning; openDoor; -
  open; contact on: closed locked(passageEnded); locked; lock
  open; contact lost: ; unlocked; -
  free and open; button pressed: exitRequested(exitButton); openDoor; -
  free and open; tamper on: tamper; openDoor; -
  free and open; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  free and open; 6 s: heldWarning; openDoor; -
  free and open; contact on: closed; unlocked; -
  free and open; contact lost: ; unlocked; -
  released and open; button pressed: exitRequested(exitButton); released; -
  released and open; tamper on: tamper; released; -
  released and open; fire off: emergencyInputEnded; released; -
  released and open; fire lost: emergencyInputEnded; released; -
  released and open; contact on: closed; released; -
  held; button pressed: exitRequested(exitButton); held; -
  held; tamper on: tamper; held; -
  held; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  held; contact on: heldEnded closed locked(passageEnded); locked; lock
  held; contact lost: locked; held; lock
  forced; button pressed: exitRequested(exitButton) unlocked(exitButton); forced; -
  forced; tamper on: tamper; forced; lock
  forced; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  forced; contact on: closed; locked; lock
  propped; button pressed: exitRequested(exitButton); openDoor; -
  propped; tamper on: tamper; openDoor; -
  propped; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  propped; contact on: closed locked(passageEnded); locked; lock
  propped; contact lost: ; unlocked; -
  forced in lockdown; button pressed: exitRequested(exitButton) unlocked(exitButton); forced; -
  forced in lockdown; tamper on: tamper; forced; lock
  forced in lockdown; fire on: emergencyStarted unlocked(emergencyPlan); released; -
  forced in lockdown; contact on: closed; locked; lock
  """

private let blindDoorTable = """
  locked; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; lock
  locked; tamper on: tamper; locked; -
  locked; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  granted; button pressed: exitRequested(exitButton); unlocked; lock
  granted; tamper on: tamper; unlocked; lock
  granted; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  granted; 6 s: locked; locked; -
  exit pressed; tamper on: tamper; unlocked; lock
  exit pressed; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  exit pressed; 6 s: locked; locked; -
  free; button pressed: exitRequested(exitButton); unlocked; lock
  free; tamper on: tamper; unlocked; lock
  free; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  released; button pressed: exitRequested(exitButton); released; lock
  released; tamper on: tamper; released; lock
  released; fire off: emergencyInputEnded; released; lock
  released; fire lost: emergencyInputEnded; released; lock
  lockdown; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; lock
  lockdown; tamper on: tamper; locked; -
  lockdown; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  out of service; button pressed: exitRequested(exitButton) unlocked(exitButton); outOfService; lock
  out of service; tamper on: tamper; outOfService; -
  out of service; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  maintenance; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; lock
  maintenance; tamper on: tamper; locked; -
  maintenance; fire on: emergencyStarted unlocked(emergencyPlan); released; lock
  """

private let leavesDoorTable = """
  locked; contact off: forcedOpen; forced; -
  locked; contact lost: ; unknown; -
  locked; passive off: forcedOpen; forced; -
  locked; passive lost: ; unknown; -
  granted; contact off: opened(credential) passage(credential); openDoor; lock
  granted; passive off: opened(credential) passage(credential); openDoor; lock
  exit pressed; contact off: opened(exitButton); openDoor; lock
  exit pressed; passive off: opened(exitButton); openDoor; lock
  free; contact off: opened(freeAccess); openDoor; lock
  free; passive off: opened(freeAccess); openDoor; lock
  released; contact off: opened(emergencyPlan); released; lock
  released; passive off: opened(emergencyPlan); released; lock
  lockdown; contact off: forcedOpen; forced; -
  lockdown; contact lost: ; unknown; -
  lockdown; passive off: forcedOpen; forced; -
  lockdown; passive lost: ; unknown; -
  out of service; contact off: forcedOpen; outOfService; -
  out of service; passive off: forcedOpen; outOfService; -
  maintenance; contact off: forcedOpen; forced; -
  maintenance; contact lost: ; unknown; -
  maintenance; passive off: forcedOpen; forced; -
  maintenance; passive lost: ; unknown; -
  second open; passive on: closed locked(passageEnded); locked; -
  second open; passive lost: ; unlocked; lock
  open; contact on: closed locked(passageEnded); locked; -
  open; contact lost: ; unlocked; lock
  free and open; contact on: closed; unlocked; lock
  free and open; contact lost: ; unlocked; lock
  released and open; contact on: closed; released; lock
  held; contact on: heldEnded closed locked(passageEnded); locked; -
  held; contact lost: locked; held; -
  forced; contact on: closed; locked; -
  propped; contact on: closed locked(passageEnded); locked; -
  propped; contact lost: ; unlocked; lock
  forced in lockdown; contact on: closed; locked; -
  """
