import Platform

/// What a peer of the control socket may do; each role may also do what the one before may.
enum Role: Int, Comparable, Sendable {
  case viewer, technician, administrator

  static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }

  var name: String {
    switch self {
    case .viewer: "viewer"
    case .technician: "technician"
    case .administrator: "administrator"
    }
  }

  /// Root and the daemon's own user are administrators; beyond that the groups `gatehouse-administrator` and
  /// `gatehouse-technician` say it; everybody else who can open the socket is a viewer.
  init(of peer: PeerIdentity) {
    if peer.user == 0 || peer.user == UserNames.own {
      self = .administrator
    } else if UserNames.isMember(
      user: peer.user, primaryGroup: peer.group, of: "gatehouse-administrator")
    {
      self = .administrator
    } else if UserNames.isMember(user: peer.user, primaryGroup: peer.group, of: "gatehouse-technician") {
      self = .technician
    } else {
      self = .viewer
    }
  }
}
