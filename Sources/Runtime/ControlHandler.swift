import ControlCore
import Messages
import Platform
import Site

/// The control socket's side of every verb: who may, what it means, and which thread answers.
struct ControlHandler: LineHandler {
  let site: SiteDescription
  let report: StatusReport
  let replies: ReplyBox
  let decisions: Inbox<DecisionMessage>
  let lists: Inbox<ListMessage>
  let logs: Inbox<LogMessage>
  let desk: JournalDesk
  let watchers: WatchList
  let emergencyReports: EmergencyReports

  func overlong() -> [UInt8] {
    let text = "the line is longer than \(MessageLimits.lineBytes) bytes"
    return ControlReply.refused(id: nil, error: text, detail: .null).encoded()
  }

  func gone(_ connection: UInt64) {
    watchers.remove(connection: connection)
    decisions.postAlways(.gone(connection: connection))
  }

  func take(_ line: [UInt8], from peer: LinePeer) -> [UInt8]? {
    let request: ControlRequest
    do {
      request = try ControlRequest.parse(line)
    } catch {
      return ControlReply.refused(id: nil, error: "\(error)", detail: .null).encoded()
    }
    let reply = ReplyAddress(box: replies, connection: peer.connection, request: request.id)
    let person = Person(peer.identity)
    guard let verb = Verb(rawValue: request.verb) else {
      reply.refuse("unknown verb '\(request.verb)'")
      return nil
    }
    guard person.role >= verb.role else {
      reply.refuse(
        "'\(verb.rawValue)' needs the role \(verb.role.name), and \(person.name) is a \(person.role.name)")
      return nil
    }
    do {
      try answer(verb, Arguments(request.args, site), person, reply)
    } catch {
      reply.refuse(error.text)
    }
    return nil
  }

  private func answer(_ verb: Verb, _ args: Arguments, _ person: Person, _ reply: ReplyAddress)
    throws(MessageFault)
  {
    switch verb {
    case .status: reply.done(report.whole())
    case .points: reply.done(report.points())
    case .inputs: reply.done(report.inputs())
    case .outputs: reply.done(report.outputs())
    case .readers: reply.done(report.readers())
    case .buses: reply.done(report.field.busList())
    case .loop: reply.done(report.loop())
    case .scans: reply.done(report.scans(try args.count("last", upTo: ScanTrace.capacity / 2)))
    case .emergencyStatus: reply.done(report.emergencies())
    case .selftest: reply.done(SelfTest.run(report))
    case .open: try order(.open(args.point("point")), verb, args, person, reply)
    case .close: try order(.close(args.point("point")), verb, args, person, reply)
    case .hold: try order(.hold(args.point("point"), args.way("way")), verb, args, person, reply)
    case .reset: try order(.reset(args.point("point")), verb, args, person, reply)
    case .wearReset: try order(.resetWear(args.point("point")), verb, args, person, reply)
    case .service:
      try order(.setOutOfService(args.point("point"), args.bool("out")), verb, args, person, reply)
    case .free:
      try order(
        .setAccess(args.point("point"), args.bool("on") ? .free : .controlled), verb, args, person, reply)
    case .maintenance: try order(.setMaintenance(args.bool("on")), verb, args, person, reply)
    case .testOutput:
      let hold = Interval.milliseconds(try args.count("for_ms", upTo: Limits.longestTest.milliseconds))
      let action = Command.Action.testOutput(
        try args.output("name"), level: try args.bool("level"), for: hold)
      try order(action, verb, args, person, reply)
    case .emergencyStart:
      let drill = args.optionalBool("drill") ?? false
      try order(.startEmergency(args.plan("plan"), drill: drill), verb, args, person, reply)
    case .emergencyReport: try tellEmergency(args, reply)
    case .emergencySilence: try silence(args, person, reply)
    case .emergencyReset: try order(.resetEmergency(args.plan("plan")), verb, args, person, reply)
    case .credentialSuspend, .credentialResume, .passbackReset:
      let order = PolicyOrder(
        action: try policyAction(verb, args), verb: verb, person: person, reply: reply)
      post(.policy(order), to: decisions, reply)
    case .why: post(.why(try WhyQuestion(args, person), reply), to: decisions, reply)
    case .listBegin, .listRows, .listCommit, .listLookup, .listExport:
      post(try ListMessage(verb, args, person, reply), to: lists, reply)
    case .logPull, .logVerify, .logExplain:
      post(try LogMessage(verb, args, person, reply), to: logs, reply)
    case .uplinkAcknowledge: try acknowledge(args, reply)
    case .uplinkRefused: try noteRefusal(args, person, reply)
    case .watch: watchers.add(reply, masked: person.role == .viewer)
    }
  }

  private func tellEmergency(_ args: Arguments, _ reply: ReplyAddress) throws(MessageFault) {
    guard let report = emergencyReports.report(try args.plan("plan")) else {
      throw MessageFault("the plan has not held yet: there is nothing to report")
    }
    reply.done(report)
  }

  private func silence(_ args: Arguments, _ person: Person, _ reply: ReplyAddress) throws(MessageFault) {
    let plan = try args.plan("plan")
    guard site.control.emergencies[plan.position].outputs.contains(where: { $0.canSilence }) else {
      throw MessageFault("the plan switches nothing that can be silenced (can_silence in the site file)")
    }
    try order(.silenceEmergency(plan), .emergencySilence, args, person, reply)
  }

  /// HQ's word about what it has; the uplink brings it.
  private func acknowledge(_ args: Arguments, _ reply: ReplyAddress) throws(MessageFault) {
    guard let hash = Hex.bytes(try args.string("hash")), hash.count == 32 else {
      throw MessageFault("'hash' must be 64 hexadecimal digits")
    }
    let through = Int64(try args.count("through", upTo: UInt64(Int64.max)))
    desk.inbox.postAlways(.acknowledge(through: through, hash: hash, reply))
  }

  /// A message that the uplink did not take as HQ's: replayed, expired, wrongly signed.
  private func noteRefusal(_ args: Arguments, _ person: Person, _ reply: ReplyAddress) throws(MessageFault) {
    let topic = String(try args.string("topic").prefix(MessageLimits.nameBytes))
    let why = String(try args.string("why").prefix(MessageLimits.nameBytes))
    desk.submit(
      RecordWriter(site: site, status: report.status).draft(
        .system,
        detail: [
          "event": "uplink-refused", "topic": .string(topic), "why": .string(why),
          "user": .string(person.name),
        ]))
    reply.done(["noted": true])
  }

  private func order(
    _ action: Command.Action, _ verb: Verb, _ args: Arguments, _ person: Person, _ reply: ReplyAddress
  ) throws(MessageFault) {
    let order = Order(action: action, verb: verb, arguments: args.value, person: person, reply: reply)
    post(.order(order), to: decisions, reply)
  }

  private func post<Message>(_ message: Message, to inbox: Inbox<Message>, _ reply: ReplyAddress) {
    if !inbox.post(message) { reply.refuse("too much is waiting; try again") }
  }
}
