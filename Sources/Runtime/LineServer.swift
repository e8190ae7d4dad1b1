import Messages
import Platform

/// Who sent a line: a connection of one server, and the user behind it.
struct LinePeer: Sendable {
  var connection: UInt64
  var identity: PeerIdentity
}

/// What a server does with the lines it reads. Called on the server's thread; answers go into the ``ReplyBox``.
protocol LineHandler: Sendable {
  /// Nil: an answer will come through the box. Otherwise the last line for this peer, and the connection closes.
  func take(_ line: [UInt8], from peer: LinePeer) -> [UInt8]?
  /// The last line for a peer whose line was too long.
  func overlong() -> [UInt8]
  func gone(_ connection: UInt64)
}

/// One listening socket and its peers on one thread: `poll`, bounded in peers, lines, requests and unsent bytes.
struct LineServer<Handler: LineHandler>: ~Copyable {
  private struct Peer {
    var socket: UnixConnection
    var who: LinePeer
    var framer = LineFramer()
    var unsent: [UInt8] = []
    var sent = 0
    var inFlight = 0
    /// No more is read; the connection ends when all is sent.
    var closing = false
    var gone = false
  }

  private let listener: UnixListener
  private let handler: Handler
  private let replies: ReplyBox
  private var peers: [UInt64: Peer] = [:]
  private var lastConnection: UInt64 = 0

  init(listener: UnixListener, handler: Handler, replies: ReplyBox) {
    self.listener = listener
    self.handler = handler
    self.replies = replies
  }

  /// Until `goesOn` says no, asked at least twice a second.
  mutating func run(while goesOn: () -> Bool) {
    var poll = Poll()
    while goesOn() {
      poll.removeAll()
      poll.add(replies.wake.raw)
      poll.add(listener.raw)
      for (_, peer) in peers { poll.add(peer.socket.raw, interest(in: peer)) }
      let ready = (try? poll.wait(milliseconds: 500)) ?? []
      let what = Dictionary(ready.map { ($0.descriptor, $0.what) }) { first, _ in first }
      if what[listener.raw] != nil { acceptPeer() }
      handOut()
      for connection in peers.keys.sorted() {
        serve(connection, what: what[peers[connection]!.socket.raw] ?? [])
      }
    }
  }

  private func interest(in peer: Peer) -> Poll.Interest {
    var interest: Poll.Interest = []
    if !peer.closing && peer.inFlight < RuntimeLimits.requestsInFlight { interest.insert(.read) }
    if peer.sent < peer.unsent.count { interest.insert(.write) }
    return interest
  }

  /// A peer beyond the limit is closed at once: `socket` ends here.
  private mutating func acceptPeer() {
    guard let socket = try? listener.accept(), peers.count < RuntimeLimits.connections,
      let identity = try? socket.peer()
    else { return }
    lastConnection += 1
    let who = LinePeer(connection: lastConnection, identity: identity)
    peers[lastConnection] = Peer(socket: socket, who: who)
  }

  private mutating func handOut() {
    let (waiting, overrun) = replies.takeAll()
    for reply in waiting {
      guard peers[reply.connection] != nil else { continue }
      peers[reply.connection]!.unsent += reply.line
      if reply.endsRequest { peers[reply.connection]!.inFlight -= 1 }
    }
    for connection in overrun { peers[connection]?.gone = true }
  }

  private mutating func serve(_ connection: UInt64, what: Poll.Interest) {
    let hungUp = !what.isDisjoint(with: .closed)
    if what.contains(.read) || hungUp { read(connection) }
    takeLines(connection)
    send(connection)
    if hungUp { peers[connection]?.gone = true }
    guard let peer = peers[connection] else { return }
    let finished = peer.closing && peer.inFlight <= 0 && peer.sent == peer.unsent.count
    if peer.gone || finished || peer.unsent.count - peer.sent > RuntimeLimits.unsentBytes {
      peers[connection] = nil
      handler.gone(connection)
    }
  }

  private mutating func read(_ connection: UInt64) {
    guard !peers[connection]!.closing else { return }
    do {
      guard let bytes = try peers[connection]!.socket.read() else { return }
      // The end of what the peer sends is not the end of what it reads: `socat` and `nc` close one half first.
      if bytes.isEmpty { peers[connection]!.closing = true } else { peers[connection]!.framer.feed(bytes) }
    } catch {
      peers[connection]!.gone = true
    }
  }

  private mutating func takeLines(_ connection: UInt64) {
    while peers[connection]!.inFlight < RuntimeLimits.requestsInFlight,
      let line = peers[connection]!.framer.next()
    {
      let last: [UInt8]?
      switch line {
      case .overlong: last = handler.overlong()
      case .line(let bytes) where bytes.allSatisfy({ $0 == 0x20 || $0 == 0x0D || $0 == 0x09 }): continue
      case .line(let bytes):
        peers[connection]!.inFlight += 1
        last = handler.take(bytes, from: peers[connection]!.who)
        if last != nil { peers[connection]!.inFlight -= 1 }
      }
      if let last {
        peers[connection]!.unsent += last + [0x0A]
        peers[connection]!.closing = true
        peers[connection]!.framer = LineFramer()
        return
      }
    }
  }

  private mutating func send(_ connection: UInt64) {
    guard let peer = peers[connection], peer.sent < peer.unsent.count else { return }
    do {
      peers[connection]!.sent += try peer.socket.writeSome(peer.unsent[peer.sent...])
    } catch {
      peers[connection]!.gone = true
    }
    if peers[connection]!.sent == peers[connection]!.unsent.count {
      peers[connection]!.unsent.removeAll()
      peers[connection]!.sent = 0
    }
  }
}
