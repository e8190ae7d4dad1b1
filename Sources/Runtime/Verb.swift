/// The verbs of the control socket, and who may use them.
enum Verb: String, Sendable, CaseIterable {
  case status, points, inputs, outputs, readers, buses, loop, scans, why, watch, selftest
  case emergencyStatus = "emergency.status"
  case emergencyReport = "emergency.report"
  case logPull = "log.pull"
  case logVerify = "log.verify"
  case logExplain = "log.explain"
  case open, close, hold, reset, service, maintenance, free
  case testOutput = "test.output"
  case wearReset = "wear.reset"
  case emergencyStart = "emergency.start"
  case emergencyReset = "emergency.reset"
  case emergencySilence = "emergency.silence"
  // Not for people: the uplink brings what HQ acknowledged, and tells what it refused.
  case uplinkAcknowledge = "uplink.ack"
  case uplinkRefused = "uplink.refused"
  case credentialSuspend = "credential.suspend"
  case credentialResume = "credential.resume"
  case passbackReset = "passback.reset"
  case listLookup = "list.lookup"
  case listExport = "list.export"
  case listBegin = "list.begin"
  case listRows = "list.rows"
  case listCommit = "list.commit"

  var role: Role {
    switch self {
    case .status, .points, .inputs, .outputs, .readers, .buses, .loop, .scans, .why, .watch, .selftest,
      .emergencyStatus, .emergencyReport, .logPull, .logVerify, .logExplain:
      .viewer
    // A list names people and their cards, which a viewer sees masked.
    case .open, .close, .hold, .reset, .service, .maintenance, .free, .testOutput, .wearReset,
      .emergencyStart,
      .emergencySilence, .listLookup, .credentialSuspend, .passbackReset:
      .technician
    // To bar somebody is quickly done at the gate; to let him in again is the list's keeper's.
    case .credentialResume, .emergencyReset, .uplinkAcknowledge, .uplinkRefused, .listExport, .listBegin,
      .listRows, .listCommit:
      .administrator
    }
  }
}
