import AccessPolicy
import ControlCore
import Messages
import Platform

/// What a person orders over the control socket.
struct Order: Sendable {
  var action: Command.Action
  var verb: Verb
  /// As it was written, for the record.
  var arguments: JSONValue
  var person: Person
  var reply: ReplyAddress

  var point: PointIndex? {
    switch action {
    case .grant(let point, _), .open(let point), .close(let point), .reset(let point): point
    case .hold(let point, _), .setOutOfService(let point, _), .setAccess(let point, _),
      .setPropped(let point, _),
      .resetWear(let point):
      point
    case .startEmergency, .resetEmergency, .silenceEmergency, .setMaintenance, .testOutput: nil
    }
  }
}

/// What a person orders that concerns only the rules: a suspension, or a passback that is forgotten.
struct PolicyOrder: Sendable {
  enum Action: Sendable {
    /// `until` in Unix milliseconds; neither: until somebody ends it.
    case suspend(CredentialKey, until: Int64?, lasting: Interval?)
    case resume(CredentialKey)
    case forgetCredential(CredentialKey)
    /// The place of an area, and its name.
    case forgetArea(Int, String)
  }

  var action: Action
  var verb: Verb
  var person: Person
  var reply: ReplyAddress
}

/// One reading of a credential, from a socket or from a wire of this controller.
struct Presentation: Sendable {
  /// Where the answer goes; nil: a wire has nobody to answer to.
  struct Source: Sendable {
    var box: ReplyBox
    var connection: UInt64
    var request: String
  }

  var reader: ReaderIndex
  var credential: Result<CredentialKey, CredentialFault>
  var candidates: [(key: CredentialKey, confidence: Double)] = []
  var confidence: Double?
  /// How sure a camera is of each character.
  var characters: [Double] = []
  var track: String?
  /// What else the source said, for the record: `seen_at`, `image`.
  var detail: [(key: String, value: JSONValue)] = []
  /// When the line or the frame was received.
  var received: Instant
  var source: Source?
}

/// What the decision thread is told.
enum DecisionMessage: Sendable {
  case presentation(Presentation)
  case order(Order)
  case policy(PolicyOrder)
  case why(WhyQuestion, ReplyAddress)
  /// A connection of the control socket has ended.
  case gone(connection: UInt64)
  /// Durable now: tickets of the journal desk and their seqs.
  case committed([(ticket: UInt64, seq: Int64)])
}

/// The question of the verb `why`.
struct WhyQuestion: Sendable {
  var reader: ReaderIndex
  var credential: String
  var confidence: Double?
  var at: Timestamp?
  var person: Person

  /// - Throws: ``MessageFault``; where a viewer asks about a PIN as well, since he could try all there are.
  init(_ args: Arguments, _ person: Person) throws(MessageFault) {
    self.person = person
    reader = try args.reader("reader")
    credential = try args.string("credential")
    confidence = try args.optionalNumber("confidence")
    at = try args.optionalTime("at")
    if isPIN, person.role < .technician {
      throw MessageFault(
        "'why' of a PIN needs the role technician, and \(person.name) is a \(person.role.name)")
    }
  }

  var isPIN: Bool { (try? CredentialKey.parse(credential))?.kind == .pin }
}
