import CLinux
import Glibc

/// Who is at the other end of a Unix socket: SO_PEERCRED.
public struct PeerIdentity: Sendable, Equatable {
  public var process: Int32
  public var user: UInt32
  public var group: UInt32

  public init(process: Int32, user: UInt32, group: UInt32) {
    self.process = process
    self.user = user
    self.group = group
  }
}

/// A listening Unix stream socket; its path goes with it.
public final class UnixListener: Sendable {
  private let descriptor: FileDescriptor
  public let path: String

  /// `socket`, `bind`, `listen`. A socket file that nobody listens on any more is replaced; one in use is EADDRINUSE.
  public init(path: String, mode: UInt32 = 0o660, backlog: Int32 = 32) throws(SystemError) {
    let socket = try UnixConnection.makeSocket()
    if UnixConnection.isListening(path) {
      throw SystemError(call: "bind \(path)", code: EADDRINUSE)
    }
    _ = unsafe unlink(path)
    let raw = socket.raw
    try unsafe UnixConnection.withAddress(path, call: "bind \(path)") { address, length in
      unsafe bind(raw, address, length)
    }
    try checked("chmod \(path)") { Int(unsafe chmod(path, mode)) }
    try checked("listen \(path)") { Int(listen(raw, backlog)) }
    try socket.setNonBlocking(true)
    self.path = path
    descriptor = socket
  }

  deinit {
    _ = unsafe unlink(path)
  }

  public var raw: Int32 { descriptor.raw }

  /// `accept4`; nil where nobody waits.
  public func accept() throws(SystemError) -> UnixConnection? {
    let raw = Glibc.accept(descriptor.raw, nil, nil)
    if raw < 0 {
      if errno == EAGAIN || errno == EINTR || errno == ECONNABORTED { return nil }
      throw SystemError(call: "accept", code: errno)
    }
    let socket = FileDescriptor(owning: raw)
    _ = fcntl(raw, F_SETFD, FD_CLOEXEC)
    try socket.setNonBlocking(true)
    return UnixConnection(descriptor: socket)
  }
}

/// One end of a connected Unix stream socket.
public final class UnixConnection: Sendable {
  private let descriptor: FileDescriptor

  init(descriptor: consuming FileDescriptor) {
    self.descriptor = descriptor
  }

  /// `socket`, `connect`; a blocking connection for a client.
  public init(path: String) throws(SystemError) {
    let socket = try Self.makeSocket()
    let raw = socket.raw
    try unsafe Self.withAddress(path, call: "connect \(path)") { address, length in
      unsafe connect(raw, address, length)
    }
    descriptor = socket
  }

  public var raw: Int32 { descriptor.raw }

  public func setNonBlocking(_ on: Bool) throws(SystemError) {
    try descriptor.setNonBlocking(on)
  }

  /// Empty: the peer has closed. Nil: nothing there now (non-blocking).
  public func read(limit: Int = 65_536) throws(SystemError) -> [UInt8]? {
    try descriptor.read(limit: limit)
  }

  /// Until all is sent, never with a SIGPIPE: a peer that has closed is EPIPE. One that takes nothing for longer than
  /// `patience` milliseconds is EAGAIN.
  public func writeAll(_ bytes: [UInt8], patience: Int32 = 1_000) throws(SystemError) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = try writeSome(rest)
      rest = rest.dropFirst(written)
      if written == 0, try !Poll.wait(descriptor.raw, for: .write, milliseconds: patience) {
        throw SystemError(call: "write", code: EAGAIN)
      }
    }
  }

  public func peer() throws(SystemError) -> PeerIdentity {
    var found = gh_peer_credentials()
    let raw = descriptor.raw
    try checked("getsockopt SO_PEERCRED") { Int(unsafe gh_getsockopt_peer_credentials(raw, &found)) }
    return PeerIdentity(process: found.pid, user: found.uid, group: found.gid)
  }

  /// Whether somebody listens; also where its queue is full, without waiting for it.
  static func isListening(_ path: String) -> Bool {
    do throws(SystemError) {
      let socket = try makeSocket()
      try socket.setNonBlocking(true)
      let raw = socket.raw
      try unsafe withAddress(path, call: "connect \(path)") { address, length in
        unsafe connect(raw, address, length)
      }
      return true
    } catch {
      return error.code == EAGAIN
    }
  }

  static func makeSocket() throws(SystemError) -> FileDescriptor {
    let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    return FileDescriptor(owning: Int32(try checked("socket") { Int(socket(AF_UNIX, kind, 0)) }))
  }

  static func withAddress(
    _ path: String, call: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
  ) throws(SystemError) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw SystemError(call: call, code: ENAMETOOLONG)
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let length = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
    if result < 0 { throw SystemError(call: call, code: errno) }
  }
}
