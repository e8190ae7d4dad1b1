import Messages

/// What the list thread is asked over the control socket.
struct ListMessage: Sendable {
  enum Question: Sendable {
    case begin(merge: Bool, skipBad: Bool, version: Int64?)
    case rows(number: Int64, text: String)
    case commit(number: Int64)
    case lookup(credential: String)
    case export(afterRow: Int, limit: Int)
  }

  var question: Question
  var person: Person
  var reply: ReplyAddress

  init(_ verb: Verb, _ args: Arguments, _ person: Person, _ reply: ReplyAddress) throws(MessageFault) {
    self.person = person
    self.reply = reply
    switch verb {
    case .listBegin:
      let version = try args.optionalCount("version", upTo: UInt64(MessageLimits.listVersion), or: 0)
      question = .begin(
        merge: args.optionalBool("merge") ?? false, skipBad: args.optionalBool("skip_bad") ?? false,
        version: version == 0 ? nil : Int64(version))
    case .listRows:
      question = .rows(
        number: Int64(try args.count("import", upTo: UInt64(Int64.max))), text: try args.string("text"))
    case .listCommit: question = .commit(number: Int64(try args.count("import", upTo: UInt64(Int64.max))))
    case .listExport:
      let after = try args.optionalCount("after_row", upTo: UInt64(Int32.max), or: 0)
      let limit = try args.optionalCount(
        "limit", upTo: UInt64(RuntimeLimits.exportRows), or: UInt64(RuntimeLimits.exportRows))
      question = .export(afterRow: Int(after), limit: Int(limit))
    default: question = .lookup(credential: try args.string("credential"))
    }
  }
}
