/// What happens at a turnstile, as ``StateTable`` writes it down.
let turnstileTable = """
  locked; turned in: forcedOpen; forced; -
  locked; turned out: forcedOpen; forced; -
  locked; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; out
  locked; tamper on: tamper; locked; -
  locked; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  granted in; turned in: passage(credential) locked(passageEnded); locked; -
  granted in; turned out: forcedOpen; forced; in
  granted in; button pressed: exitRequested(exitButton); unlocked; in
  granted in; tamper on: tamper; unlocked; in
  granted in; fire on: emergencyStarted noEntry(emergency) unlocked(emergencyPlan); released; free
  granted in; 6 s: locked noEntry; locked; -
  granted out; turned in: forcedOpen; forced; out
  granted out; turned out: passage(credential) locked(passageEnded); locked; -
  granted out; button pressed: exitRequested(exitButton); unlocked; out
  granted out; tamper on: tamper; unlocked; out
  granted out; fire on: emergencyStarted noEntry(emergency) unlocked(emergencyPlan); released; free
  granted out; 6 s: locked noEntry; locked; -
  two wait; turned in: passage(credential) locked(passageEnded); locked; -
  two wait; turned out: forcedOpen; forced; in
  two wait; button pressed: exitRequested(exitButton); unlocked; in
  two wait; tamper on: tamper; unlocked; in
  two wait; fire on: emergencyStarted noEntry(emergency) noEntry(emergency) unlocked(emergencyPlan); released; free
  two wait; 6 s: locked noEntry unlocked(credential); unlocked; -
  opened; turned in: passage(operatorOrder) locked(passageEnded); locked; -
  opened; turned out: forcedOpen; forced; in
  opened; button pressed: exitRequested(exitButton); unlocked; in
  opened; tamper on: tamper; unlocked; in
  opened; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  opened; 6 s: locked; locked; -
  exit pressed; turned in: forcedOpen; forced; out
  exit pressed; turned out: passage(exitButton) locked(passageEnded); locked; -
  exit pressed; tamper on: tamper; unlocked; out
  exit pressed; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  exit pressed; 6 s: locked; locked; -
  time over; turned in: passage(credential); locked; -
  time over; turned out: forcedOpen; forced; -
  time over; button pressed: exitRequested(exitButton); locked; -
  time over; tamper on: tamper; locked; -
  time over; fire on: emergencyStarted noEntry(emergency) unlocked(emergencyPlan); released; free
  time over; 6 s: noEntry; locked; -
  turning; turned out: forcedOpen; forced; -
  turning; button pressed: exitRequested(exitButton); forced; -
  turning; tamper on: tamper; forced; -
  turning; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  stuck; in at rest: faultEnded(sensorStuck); forced; -
  stuck; turned out: forcedOpen; faulted; -
  stuck; button pressed: exitRequested(exitButton) unlocked(exitButton); faulted; out
  stuck; tamper on: tamper; faulted; -
  stuck; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  released; turned in: passage(emergencyPlan); released; free
  released; turned out: passage(emergencyPlan); released; free
  released; button pressed: exitRequested(exitButton); released; free
  released; tamper on: tamper; released; free
  released; fire off: emergencyInputEnded; released; free
  lockdown; turned in: forcedOpen; forced; -
  lockdown; turned out: forcedOpen; forced; -
  lockdown; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; out
  lockdown; tamper on: tamper; locked; -
  lockdown; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  out of service; turned in: forcedOpen; outOfService; -
  out of service; turned out: forcedOpen; outOfService; -
  out of service; button pressed: exitRequested(exitButton) unlocked(exitButton); outOfService; out
  out of service; tamper on: tamper; outOfService; -
  out of service; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  maintenance; turned in: forcedOpen; forced; -
  maintenance; turned out: forcedOpen; forced; -
  maintenance; button pressed: exitRequested(exitButton) unlocked(exitButton); unlocked; out
  maintenance; tamper on: tamper; locked; -
  maintenance; fire on: emergencyStarted unlocked(emergencyPlan); released; free
  """
