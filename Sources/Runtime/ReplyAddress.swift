import Messages
import Platform

/// Where the answer to one request of the control socket goes.
struct ReplyAddress: Sendable {
  let box: ReplyBox
  let connection: UInt64
  let request: Int64

  func done(_ result: JSONValue) {
    box.post(ControlReply.done(id: request, result: result).encoded(), to: connection)
  }

  func refuse(_ error: String, detail: JSONValue = .null) {
    box.post(ControlReply.refused(id: request, error: error, detail: detail).encoded(), to: connection)
  }

  /// One of any number; the request goes on.
  func event(_ event: JSONValue) {
    box.post(ControlReply.event(id: request, event).encoded(), to: connection, endsRequest: false)
  }
}

/// Who asks: for the role, and for the `operator` record.
struct Person: Sendable {
  var role: Role
  var user: UInt32
  var name: String

  init(_ peer: PeerIdentity) {
    role = Role(of: peer)
    user = peer.user
    name = UserNames.name(of: peer.user) ?? "uid \(peer.user)"
  }
}
