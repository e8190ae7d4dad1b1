// Sirens, lamps and signs: outputs that no point owns and that plans switch.
extension Controller {
  /// Off where no plan wants it on. Where several do, the highest says whether it flashes.
  @_noLocks
  func writePlanOutputs(_ image: inout OutputImage, _ now: Instant) {
    for plan in 0..<planCount {
      for place in 0..<plans[plan].outputCount { image.level[planOutputs[plan, place].output] = false }
    }
    var rank = planCount - 1
    while rank >= 0 {
      let plan = plans.ranked(rank)
      for place in 0..<plans[plan].outputCount {
        let output = planOutputs[plan, place]
        if output.isWanted(plans[plan].status, now) { image.level[output.output] = output.level(now) }
      }
      rank -= 1
    }
  }

  /// Whether a plan that holds switches the output: no test may touch it then.
  @_noLocks
  func isSwitchedByPlan(_ output: Int) -> Bool {
    for plan in 0..<planCount where plans[plan].status.active {
      for place in 0..<plans[plan].outputCount where planOutputs[plan, place].output == output { return true }
    }
    return false
  }
}
