import AccessPolicy
import ControlCore
import GPIODriver
import Messages
import Platform
import Site

/// The ingress socket's side of a reading: who may speak for which reader, and what a credential is.
struct IngressHandler: LineHandler {
  private let readers: [String: ReaderIndex]
  /// The only Unix user that may speak for the reader, by its place; nil: everybody who can open the socket.
  private let users: [String?]
  private let kinds: [CredentialKind]
  /// What the bits that a reader hands over may be, by its place; nil: they stay as they are.
  private let formats: [WiegandDecoder.Setting?]
  private let replies: ReplyBox
  private let decisions: Inbox<DecisionMessage>

  init(site: SiteDescription, replies: ReplyBox, decisions: Inbox<DecisionMessage>) {
    var readers: [String: ReaderIndex] = [:]
    for (place, reader) in site.policy.readers.enumerated() { readers[reader.name] = ReaderIndex(place) }
    self.readers = readers
    users = site.readerWiring.map { wiring in
      if case .ingress(let user) = wiring { user } else { nil }
    }
    kinds = site.policy.readers.map(\.kind)
    formats = site.readerFormats.map { $0.isEmpty ? nil : WiegandDecoder.Setting(names: $0) }
    self.replies = replies
    self.decisions = decisions
  }

  func overlong() -> [UInt8] {
    IngressReply.refused(id: nil, error: "the line is longer than \(MessageLimits.lineBytes) bytes").encoded()
  }

  func gone(_ connection: UInt64) {}

  func take(_ line: [UInt8], from peer: LinePeer) -> [UInt8]? {
    let received = Instant(nanoseconds: MonotonicClock.now())
    let request: IngressRequest
    do {
      request = try IngressRequest.parse(line)
    } catch {
      return refuseUnread(line, error, peer)
    }
    guard let reader = readers[request.reader] else {
      refuse(request.id, "unknown reader '\(request.reader)'", peer)
      return nil
    }
    if let user = users[reader.position], UserNames.identifier(of: user) != peer.identity.user {
      refuse(request.id, "only user '\(user)' may speak for reader '\(request.reader)'", peer)
      return nil
    }
    let presentation = presentation(request, reader, received, peer)
    if !decisions.post(.presentation(presentation)) {
      refuse(request.id, "too many readings are waiting; try again", peer)
    }
    return nil
  }

  /// What is no JSON ends the connection; JSON that is no reading is only refused.
  private func refuseUnread(_ line: [UInt8], _ fault: MessageFault, _ peer: LinePeer) -> [UInt8]? {
    guard let value = try? JSONValue.parse(line, maximumBytes: MessageLimits.lineBytes) else {
      return IngressReply.refused(id: nil, error: fault.text).encoded()
    }
    replies.post(
      IngressReply.refused(id: value["id"]?.stringValue, error: fault.text).encoded(), to: peer.connection)
    return nil
  }

  private func refuse(_ id: String, _ error: String, _ peer: LinePeer) {
    replies.post(IngressReply.refused(id: id, error: error).encoded(), to: peer.connection)
  }

  private func presentation(
    _ request: IngressRequest, _ reader: ReaderIndex, _ received: Instant, _ peer: LinePeer
  ) -> Presentation {
    var presentation = Presentation(
      reader: reader,
      credential: Result { () throws(CredentialFault) in try CredentialKey.parse(request.credential) },
      confidence: request.confidence, characters: request.characters, track: request.track,
      received: received,
      source: .init(box: replies, connection: peer.connection, request: request.id))
    for candidate in request.candidates {
      if let key = try? CredentialKey.parse(value: candidate.value, kind: kinds[reader.position]) {
        presentation.candidates.append((key, candidate.confidence))
      }
    }
    if let setting = formats[reader.position] { name(request.credential, by: setting, &presentation) }
    if let seen = request.seenAt { presentation.detail.append(("seen_at", .string(seen.description))) }
    if let image = request.image { presentation.detail.append(("image", .string(image))) }
    return presentation
  }

  /// `card:raw/26/HEX` becomes `card:H10301/1/45678`. Bits of another length than any format's stay as they are; wrong
  /// parity is a damaged frame, and no part of it is matched.
  private func name(
    _ credential: String, by setting: WiegandDecoder.Setting, _ presentation: inout Presentation
  ) {
    let parts = credential.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "card:raw", let bits = Int(parts[1]),
      let result = setting.read(bits: bits, hexadecimal: String(parts[2]))
    else { return }
    switch result {
    case .card(let card):
      presentation.credential = Result { () throws(CredentialFault) in
        try CredentialKey.parse("card:\(card.text)")
      }
    case .raw, .damaged(.length): return
    case .damaged(let damage):
      presentation.credential = .failure(.cardFormat)
      presentation.detail.append(("damage", .string("\(damage)")))
    }
  }
}
