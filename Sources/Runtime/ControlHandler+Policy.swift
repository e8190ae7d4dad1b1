import AccessPolicy
import ControlCore
import Messages

extension ControlHandler {
  /// What the verbs of suspensions and of passback mean.
  func policyAction(_ verb: Verb, _ args: Arguments) throws(MessageFault) -> PolicyOrder.Action {
    if verb == .passbackReset, let name = args.optionalString("area") {
      return .forgetArea(try args.area("area"), name)
    }
    let credential = try args.credential("credential")
    switch verb {
    case .credentialResume: return .resume(credential)
    case .passbackReset: return .forgetCredential(credential)
    default: break
    }
    let until = try args.optionalTime("until")
    var lasting: Interval?
    if let given = args.value["for_ms"], !given.isNull {
      let time = try args.count("for_ms", upTo: UInt64(RuntimeLimits.suspension.milliseconds))
      guard time > 0 else {
        throw MessageFault("'for_ms' must be at least 1; leave it out to suspend until somebody resumes it")
      }
      lasting = .milliseconds(time)
    }
    guard until == nil || lasting == nil else { throw MessageFault("give 'until' or 'for_ms', not both") }
    return .suspend(credential, until: until?.milliseconds, lasting: lasting)
  }
}
