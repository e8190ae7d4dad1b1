/// The place of an input in ``InputImage``.
public struct InputIndex: Hashable, Sendable, Comparable {
  public let raw: UInt16
  @_noLocks public init(_ raw: Int) { self.raw = UInt16(raw) }
  public var position: Int { @_noLocks get { Int(raw) } }
  @_noLocks public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

/// The place of an output in ``OutputImage``.
public struct OutputIndex: Hashable, Sendable, Comparable {
  public let raw: UInt16
  @_noLocks public init(_ raw: Int) { self.raw = UInt16(raw) }
  public var position: Int { @_noLocks get { Int(raw) } }
  @_noLocks public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

/// A barrier, gate or door.
public struct PointIndex: Hashable, Sendable, Comparable {
  public let raw: UInt16
  @_noLocks public init(_ raw: Int) { self.raw = UInt16(raw) }
  public var position: Int { @_noLocks get { Int(raw) } }
  @_noLocks public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

/// A camera, card reader or terminal.
public struct ReaderIndex: Hashable, Sendable, Comparable {
  public let raw: UInt16
  @_noLocks public init(_ raw: Int) { self.raw = UInt16(raw) }
  public var position: Int { @_noLocks get { Int(raw) } }
  @_noLocks public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}

/// An emergency plan.
public struct PlanIndex: Hashable, Sendable, Comparable {
  public let raw: UInt16
  @_noLocks public init(_ raw: Int) { self.raw = UInt16(raw) }
  public var position: Int { @_noLocks get { Int(raw) } }
  @_noLocks public static func < (left: Self, right: Self) -> Bool { left.raw < right.raw }
}
