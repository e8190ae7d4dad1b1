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
    let lasting = try args.optionalCount("for_ms", upTo: UInt64(RuntimeLimits.suspension.milliseconds), or: 0)
    guard until == nil || lasting == 0 else { throw MessageFault("give 'until' or 'for_ms', not both") }
    return .suspend(
      credential, until: until?.milliseconds, lasting: lasting == 0 ? nil : .milliseconds(lasting))
  }
}
