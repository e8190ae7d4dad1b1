/// What a source of credentials writes to `ingress.sock`: one reading.
public struct IngressRequest: Sendable, Equatable {
  public struct Candidate: Sendable, Equatable {
    public var value: String
    /// 0 to 1.
    public var confidence: Double

    public init(value: String, confidence: Double) {
      self.value = value
      self.confidence = confidence
    }
  }

  public var id: String
  public var reader: String
  /// `KIND:VALUE`
  public var credential: String
  /// 0 to 1.
  public var confidence: Double?
  public var candidates: [Candidate]
  /// How sure the source is of each character of a plate, 0 to 1, without its dots, dashes and spaces.
  public var characters: [Double]
  public var seenAt: Timestamp?
  /// The source's name for the thing it saw; the same track on the same reader is decided once.
  public var track: String?
  public var image: String?

  public init(
    id: String, reader: String, credential: String, confidence: Double? = nil, candidates: [Candidate] = [],
    characters: [Double] = [], seenAt: Timestamp? = nil, track: String? = nil, image: String? = nil
  ) {
    self.id = id
    self.reader = reader
    self.credential = credential
    self.confidence = confidence
    self.candidates = candidates
    self.characters = characters
    self.seenAt = seenAt
    self.track = track
    self.image = image
  }

  public static func parse(_ line: [UInt8]) throws(MessageFault) -> IngressRequest {
    let members = try Members(line: line)
    var request = IngressRequest(
      id: try members.string("id"), reader: try members.string("reader"),
      credential: try members.string("credential"), confidence: try members.optionalNumber("confidence"),
      seenAt: try members.optionalTime("seen_at"), track: try members.optionalString("track"),
      image: try members.optionalString("image", limit: 4_096))
    try Self.check(request.confidence)
    for element in try members.array("candidates", limit: MessageLimits.candidates) {
      let candidate = try Members(element)
      let confidence = try candidate.optionalNumber("confidence") ?? 0
      try Self.check(confidence)
      request.candidates.append(Candidate(value: try candidate.string("value"), confidence: confidence))
    }
    for element in try members.array("characters", limit: MessageLimits.characters) {
      guard let confidence = element.doubleValue, (0...1).contains(confidence) else {
        throw MessageFault("'characters' must hold numbers from 0 to 1")
      }
      request.characters.append(confidence)
    }
    return request
  }

  private static func check(_ confidence: Double?) throws(MessageFault) {
    if let confidence, !(0...1).contains(confidence) {
      throw MessageFault("'confidence' must be from 0 to 1")
    }
  }

  /// One line without its line feed.
  public func encoded() -> [UInt8] {
    var writer = JSONWriter(capacity: 256)
    writer.open()
    writer.member("id", id)
    writer.member("reader", reader)
    writer.member("credential", credential)
    if let confidence { writer.member("confidence", json: .number(confidence)) }
    if !candidates.isEmpty {
      writer.member(
        "candidates",
        json: .array(candidates.map { ["value": .string($0.value), "confidence": .number($0.confidence)] }))
    }
    if !characters.isEmpty {
      writer.member("characters", json: .array(characters.map { .number($0) }))
    }
    writer.member("seen_at", ifPresent: seenAt?.description)
    writer.member("track", ifPresent: track)
    writer.member("image", ifPresent: image)
    writer.close()
    return writer.bytes
  }
}

/// What the controller answers to one reading.
public enum IngressReply: Sendable, Equatable {
  case decided(id: String, decision: LogRecord.Decision, reason: String, point: String, seq: Int64)
  /// `id` nil: the line was not good enough to have one.
  case refused(id: String?, error: String)

  public static func parse(_ line: [UInt8]) throws(MessageFault) -> IngressReply {
    let members = try Members(line: line)
    if let error = try members.optionalString("error", limit: MessageLimits.lineBytes) {
      return .refused(id: try members.optionalString("id"), error: error)
    }
    guard let decision = LogRecord.Decision(rawValue: try members.string("decision")) else {
      throw MessageFault("'decision' must be grant or deny")
    }
    return .decided(
      id: try members.string("id"), decision: decision, reason: try members.string("reason"),
      point: try members.string("point"), seq: try members.count("seq"))
  }

  /// One line without its line feed.
  public func encoded() -> [UInt8] {
    var writer = JSONWriter(capacity: 128)
    writer.open()
    switch self {
    case .decided(let id, let decision, let reason, let point, let seq):
      writer.member("id", id)
      writer.member("decision", decision.rawValue)
      writer.member("reason", reason)
      writer.member("point", point)
      writer.member("seq", seq)
    case .refused(let id, let error):
      writer.member("id", ifPresent: id)
      writer.member("error", error)
    }
    writer.close()
    return writer.bytes
  }
}
