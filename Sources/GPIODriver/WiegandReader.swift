public import Platform

/// A reader on two data lines: its edges and its decoder together.
///
/// The owner waits on ``wake`` and until ``expiry``, then calls ``next(now:)`` until it gives nil.
public struct WiegandReader: ~Copyable {
  private let source: EdgeSource
  private var decoder: WiegandDecoder

  /// - Parameter wake: one that the owner waits on anyway; nil makes one.
  public init(
    chip: GPIOChipSource, d0: GPIOLine, d1: GPIOLine, setting: WiegandDecoder.Setting, bias: GPIOBias? = nil,
    wake: EventDescriptor? = nil, realTimePriority: Int? = nil, consumer: String = "gatehouse"
  ) throws(GPIOError) {
    source = try EdgeSource.open(
      chip: chip, lines: [d0, d1], bias: bias, wake: wake, realTimePriority: realTimePriority,
      consumer: consumer)
    decoder = WiegandDecoder(setting)
  }

  public var wake: EventDescriptor { source.wake }
  /// The instant, in nanoseconds of CLOCK_MONOTONIC, at which an open frame is over.
  public var expiry: UInt64? { decoder.expiry }
  public var losses: Int { source.losses }
  /// `errno` where the chip went away; 0 while the lines are listened to.
  public var failure: Int32 { source.failure }

  /// The next swipe that is complete, or nil.
  public mutating func next(now: UInt64 = MonotonicClock.now()) -> WiegandResult? {
    while let edge = source.ring.pop() {
      if let result = decoder.take(edge) { return result }
    }
    return decoder.expire(now: now)
  }
}
