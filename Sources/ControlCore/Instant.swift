/// A point on the monotonic clock, in nanoseconds since an origin that only its source knows.
///
/// The core never asks a clock: each scan is given its instant.
public struct Instant: Comparable, Hashable, Sendable {
  public var nanoseconds: UInt64

  @_noLocks public init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  public static var zero: Instant { @_noLocks get { Instant(nanoseconds: 0) } }

  @_noLocks public static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  // Comparable's own is generic, which the scan may not call.
  @_noLocks public static func >= (left: Instant, right: Instant) -> Bool {
    left.nanoseconds >= right.nanoseconds
  }

  @_noLocks public static func + (instant: Instant, interval: Interval) -> Instant {
    Instant(nanoseconds: instant.nanoseconds &+ interval.nanoseconds)
  }

  /// The time from `earlier` to here; zero where `earlier` is later.
  @_noLocks public func since(_ earlier: Instant) -> Interval {
    Interval(nanoseconds: self < earlier ? 0 : nanoseconds &- earlier.nanoseconds)
  }
}

/// A length of time in nanoseconds, never negative.
public struct Interval: Comparable, Hashable, Sendable {
  public var nanoseconds: UInt64

  @_noLocks public init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  public static var zero: Interval { @_noLocks get { Interval(nanoseconds: 0) } }

  @_noLocks public static func microseconds(_ count: UInt64) -> Interval {
    Interval(nanoseconds: count * 1_000)
  }
  @_noLocks public static func milliseconds(_ count: UInt64) -> Interval {
    Interval(nanoseconds: count * 1_000_000)
  }
  @_noLocks public static func seconds(_ count: UInt64) -> Interval {
    Interval(nanoseconds: count * 1_000_000_000)
  }

  public var milliseconds: UInt64 { @_noLocks get { nanoseconds / 1_000_000 } }
  public var microseconds: UInt64 { @_noLocks get { nanoseconds / 1_000 } }

  @_noLocks public static func < (left: Interval, right: Interval) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  @_noLocks public static func >= (left: Interval, right: Interval) -> Bool {
    left.nanoseconds >= right.nanoseconds
  }

  @_noLocks public static func + (left: Interval, right: Interval) -> Interval {
    Interval(nanoseconds: left.nanoseconds &+ right.nanoseconds)
  }
}
