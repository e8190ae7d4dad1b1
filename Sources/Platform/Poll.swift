import CLinux
import Glibc

/// `poll` over a set of descriptors.
public struct Poll: Sendable {
  public struct Interest: OptionSet, Sendable {
    public let rawValue: Int16
    public init(rawValue: Int16) { self.rawValue = rawValue }
    public static let read = Interest(rawValue: Int16(POLLIN))
    public static let write = Interest(rawValue: Int16(POLLOUT))
    /// The peer hung up or the descriptor failed; always reported, never asked for.
    public static let closed = Interest(rawValue: Int16(POLLHUP | POLLERR | POLLNVAL))
  }

  public struct Ready: Sendable {
    public var descriptor: Int32
    public var what: Interest
  }

  private var entries: [pollfd] = []

  public init() {}

  public mutating func add(_ descriptor: Int32, _ interest: Interest = .read) {
    entries.append(pollfd(fd: descriptor, events: interest.rawValue, revents: 0))
  }

  public mutating func removeAll() {
    entries.removeAll(keepingCapacity: true)
  }

  /// Waits at most `milliseconds` (-1: for ever); empty on a time-out and on a signal.
  public mutating func wait(milliseconds: Int32) throws(SystemError) -> [Ready] {
    let count = unsafe entries.withUnsafeMutableBufferPointer {
      unsafe poll($0.baseAddress, nfds_t($0.count), milliseconds)
    }
    if count < 0 {
      if errno == EINTR { return [] }
      throw SystemError(call: "poll", code: errno)
    }
    if count == 0 { return [] }
    return entries.compactMap { entry in
      entry.revents == 0 ? nil : Ready(descriptor: entry.fd, what: Interest(rawValue: entry.revents))
    }
  }

  /// Whether one descriptor becomes ready in time.
  public static func wait(_ descriptor: Int32, for interest: Interest, milliseconds: Int32)
    throws(SystemError) -> Bool
  {
    var poll = Poll()
    poll.add(descriptor, interest)
    return try !poll.wait(milliseconds: milliseconds).isEmpty
  }
}

/// A counter that wakes a `poll`: `eventfd`. Signalling never blocks; a full counter is awake anyway.
public final class EventDescriptor: Sendable {
  private let descriptor: FileDescriptor

  public init() throws(SystemError) {
    let raw = try checked("eventfd") { Int(gh_eventfd()) }
    descriptor = FileDescriptor(owning: Int32(raw))
  }

  public var raw: Int32 { descriptor.raw }

  public func signal() {
    var one: UInt64 = 1
    _ = unsafe write(descriptor.raw, &one, 8)
  }

  /// Takes all signals so far; true where there was one.
  @discardableResult
  public func drain() -> Bool {
    var count: UInt64 = 0
    return unsafe read(descriptor.raw, &count, 8) == 8
  }

  /// Waits for a signal and takes it.
  @discardableResult
  public func wait(milliseconds: Int32) -> Bool {
    _ = try? Poll.wait(descriptor.raw, for: .read, milliseconds: milliseconds)
    return drain()
  }
}
