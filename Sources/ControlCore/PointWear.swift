/// What a point has done in its life; kept over restarts by who runs the controller.
public struct PointWear: Sendable, Equatable {
  /// Whole motions or unlockings.
  public var cycles: UInt32 = 0
  /// Motions that were turned round before they had ended.
  public var reversals: UInt32 = 0
  /// Vehicles that went through without a grant of their own.
  public var tailgates: UInt32 = 0
  public var opening = LearnedTravel()
  public var closing = LearnedTravel()

  @_noLocks public init() {}

  @_noLocks public static func == (left: Self, right: Self) -> Bool {
    left.cycles == right.cycles && left.reversals == right.reversals && left.tailgates == right.tailgates
      && left.opening == right.opening && left.closing == right.closing
  }
}

/// The first whole travels of one direction, from which its usual time is learned.
public struct LearnedTravel: Sendable, Equatable {
  /// At most ``Limits/travelsLearned``.
  public var count: UInt64 = 0
  /// Of all of them together.
  public var total = Interval.zero

  @_noLocks public init() {}

  /// Their mean; zero while it is learned.
  public var baseline: Interval {
    @_noLocks get {
      count < Limits.travelsLearned
        ? .zero : Interval(nanoseconds: total.nanoseconds / Limits.travelsLearned)
    }
  }

  @_noLocks public static func == (left: Self, right: Self) -> Bool {
    left.count == right.count && left.total.nanoseconds == right.total.nanoseconds
  }
}

extension PointWear: BitwiseCopyable {}
extension LearnedTravel: BitwiseCopyable {}
