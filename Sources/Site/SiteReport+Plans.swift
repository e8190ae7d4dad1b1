import ControlCore

extension SiteDescription {
  func words(_ plan: EmergencySetting) -> String {
    func names(_ points: [PointIndex]) -> String {
      points.map { pointNames[$0.position] }.joined(separator: " ")
    }
    var parts = ["\(plan.kind)"]
    if !plan.inputs.isEmpty {
      let inputs = plan.inputs.map { inputNames[$0.position] }.joined(separator: " ")
      let after = plan.after == .zero ? "" : " after \(plan.after.words)"
      parts.append("starts by \(inputs)\(after)\(plan.lostCounts ? ", lost counts" : "")")
    }
    if !plan.release.isEmpty { parts.append("releases \(names(plan.release))") }
    if !plan.holdOpen.isEmpty { parts.append("holds open \(names(plan.holdOpen))") }
    if !plan.lock.isEmpty { parts.append("locks down \(names(plan.lock))") }
    for output in plan.outputs {
      let time = output.time == .zero ? "" : " for \(output.time.words)"
      parts.append("\(output.flashes ? "flashes" : "switches") \(outputNames[output.output.position])\(time)")
    }
    if plan.untilInput { parts.append("ends with its input") }
    return parts.joined(separator: ", ")
  }
}
