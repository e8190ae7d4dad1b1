public import Synchronization

/// How the scan does: counted by its thread, read by any.
public final class ScanGauges: Sendable {
  public let scans = Atomic<UInt64>(0)
  /// Scans that ended after the next one should have begun.
  public let overruns = Atomic<UInt64>(0)
  /// Periods left out to get back into step.
  public let skipped = Atomic<UInt64>(0)
  /// Events that found the ring full.
  public let eventsLost = Atomic<UInt64>(0)
  /// The plans that hold, as `HeldEmergencies` packs them.
  let emergencies = Atomic<UInt64>(0)
  public let realTime = Atomic<Bool>(false)
  public let memoryLocked = Atomic<Bool>(false)
  /// From the instant that a scan should begin to the instant it does.
  public let lateness = Histogram()
  /// From a credential's arrival to the write of the scan that took its grant.
  public let eventToOutput = Histogram()
  public let trace = ScanTrace()

  public init() {}
}
