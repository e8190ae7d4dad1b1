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
      if question.isPIN { noteQuestion(question) }
      let report = WhyReport(
        policy.judge(request, list), request, list, site, namesHolders: question.person.role > .viewer)
      reply.done(report.json)
    } catch {
      reply.refuse(error.text)
    }
  }

  /// Who asks about PINs learns them: each question stands in the log, without the digits.
  private func noteQuestion(_ question: WhyQuestion) {
    var record = writer.draft(
      .operator,
      detail: [
        "verb": "why", "user": .string(question.person.name), "uid": .integer(Int64(question.person.user)),
        "outcome": "accepted", "about": "a PIN",
      ])
    record.reader = site.policy.readers[question.reader.position].name
    desk.submit(record)
  }
}
