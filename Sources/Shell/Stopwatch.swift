import Platform

/// A stretch of time that ends.
struct Stopwatch {
  private let end: UInt64

  init(milliseconds: Int64) {
    end = MonotonicClock.now() + UInt64(max(0, milliseconds)) * 1_000_000
  }

  static func pause(milliseconds: UInt64) { MonotonicClock.sleep(milliseconds: milliseconds) }

  var isOver: Bool { MonotonicClock.now() >= end }
}
