public import AccessPolicy
import ControlCore
public import Messages
public import Site

/// Why a credential would be let through or not: the decision with each rule's result.
///
/// One form for the running controller and for `gatehouse why` without one.
public struct WhyReport: Sendable {
  /// What cannot even be asked.
  public struct Fault: Error, Equatable, Sendable, CustomStringConvertible {
    public var text: String
    public var description: String { text }
  }

  public let isGrant: Bool
  public let reason: Reason
  public let reader: String
  public let point: String
  /// As it was understood; a PIN shows no digits.
  public let credential: String
  public let at: Timestamp
  public let rules: [ExplainedRule]

  /// Asks without a controller: nobody is inside anywhere, the point is in service, the clock is right.
  public static func evaluate(
    site: SiteDescription, list: ListSnapshot, reader: String, credential: String, at: Timestamp,
    confidence: Double? = nil
  ) throws(Fault) -> WhyReport {
    guard let place = site.policy.readers.firstIndex(where: { $0.name == reader }) else {
      let known = site.policy.readers.map(\.name).joined(separator: ", ")
      throw Fault(text: "unknown reader '\(reader)'; this site has \(known.isEmpty ? "none" : known)")
    }
    let request = try request(
      reader: ReaderIndex(place), credential: credential, at: at, confidence: confidence)
    let decision = Decider(setting: site.policy).judge(
      request, list: list, state: AccessPolicy.PassageState(setting: site.policy))
    return WhyReport(decision, request, list, site)
  }

  static func request(
    reader: ReaderIndex, credential: String, at: Timestamp, confidence: Double?, clock: ClockTrust = .synced,
    condition: PointCondition = [], now: Instant = .zero
  ) throws(Fault) -> AccessRequest {
    if let confidence, !(0...1).contains(confidence) { throw Fault(text: "a confidence is 0 to 1") }
    do throws(CredentialFault) {
      return AccessRequest(
        reader: reader, credential: try CredentialKey.parse(credential), confidence: confidence,
        at: at.milliseconds, clock: clock, now: now, condition: condition)
    } catch {
      throw Fault(text: "credential: \(error)")
    }
  }

  init(
    _ decision: AccessDecision, _ request: AccessRequest, _ list: ListSnapshot, _ site: SiteDescription,
    namesHolders: Bool = true
  ) {
    let setting = site.policy.readers[request.reader.position]
    isGrant = decision.isGrant
    reason = decision.reason
    reader = setting.name
    point = site.pointNames[setting.point.position]
    credential = request.credential.map { "\($0)" } ?? ""
    at = Timestamp(milliseconds: request.at)
    rules = decision.trace.explained(
      setting: site.policy, list: list, request: request, namesHolders: namesHolders)
  }

  public var json: JSONValue {
    [
      "decision": .string(isGrant ? "grant" : "deny"), "reason": .string(reason.name),
      "reader": .string(reader), "point": .string(point), "credential": .string(credential),
      "at": .string(at.description),
      "rules": .array(
        rules.map { rule in
          [
            "rule": .string(rule.rule.name), "outcome": .string(rule.outcome.name), "why": .string(rule.why),
          ]
        }),
    ]
  }
}
