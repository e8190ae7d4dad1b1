import AccessPolicy
import ControlCore
import Messages
import Platform
import Site

extension DecisionThread {
  /// Answers the verb `why` with the state of this moment: who is inside, what is locked down; nothing is remembered.
  ///
  /// Who names a time asks about that time, whatever the clock is worth at the moment.
  mutating func explain(_ question: WhyQuestion, _ reply: ReplyAddress) {
    let reader = site.policy.readers[question.reader.position]
    let list = lists.current
    do throws(WhyReport.Fault) {
      let request = try WhyReport.request(
        reader: question.reader, credential: question.credential,
        at: question.at ?? Timestamp(milliseconds: WallClock.milliseconds()),
        confidence: question.confidence, clock: question.at == nil ? trust(status.clock) : .synced,
        condition: condition(of: reader.point),
        now: Instant(nanoseconds: MonotonicClock.now()))
      reply.done(WhyReport(policy.judge(request, list), request, list, site).json)
    } catch {
      reply.refuse(error.text)
    }
  }
}
