/// How a drive is told to move, and the times that rule it.
struct DriveTimes {
  var style: DriveStyle
  var answer: StepAnswer
  var pulse: Interval
  var travel: Interval
  var margin: Interval
  var deadTime: Interval

  @_noLocks
  init(_ barrier: BarrierSetting) {
    style = barrier.style
    answer = barrier.stepAnswer
    pulse = barrier.pulse
    travel = barrier.travel
    margin = barrier.margin
    deadTime = barrier.deadTime
  }

  @_noLocks
  init(_ gate: GateSetting) {
    style = gate.style
    answer = gate.stepAnswer
    pulse = gate.pulse
    travel = gate.travel
    margin = gate.margin
    deadTime = gate.deadTime
  }
}
