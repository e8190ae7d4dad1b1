import Synchronization

/// When the last scans began and ended: a ring that the scan writes and anybody may read, for whoever counts in scans.
@safe public final class ScanTrace: @unchecked Sendable {
  /// Scans that are kept: four seconds at 1 kHz.
  public static var capacity: UInt64 { 4_096 }

  public struct Entry: Sendable, Equatable {
    /// Counted from 0 at the start.
    public var number: UInt64
    /// Nanoseconds of CLOCK_MONOTONIC. The beginning is the instant that the scan's events carry.
    public var began: UInt64
    public var ended: UInt64
  }

  private let instants: UnsafeMutablePointer<Atomic<UInt64>>
  private let count = Atomic<UInt64>(0)

  public init() {
    let size = Int(Self.capacity * 2)
    unsafe instants = .allocate(capacity: size)
    for place in 0..<size { unsafe (instants + place).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe instants.deinitialize(count: Int(Self.capacity * 2))
    unsafe instants.deallocate()
  }

  /// The scan's side.
  func note(began: UInt64, ended: UInt64) {
    let number = count.load(ordering: .relaxed)
    let place = Int(number % Self.capacity * 2)
    unsafe instants[place].store(began, ordering: .relaxed)
    unsafe instants[place + 1].store(ended, ordering: .relaxed)
    count.store(number + 1, ordering: .releasing)
  }

  /// The newest scans, oldest first; fewer where the scan overtook the reader.
  public func last(_ wanted: UInt64) -> [Entry] {
    let end = count.load(ordering: .acquiring)
    let first = end - min(end, wanted, Self.capacity / 2)
    let entries = (first..<end).map { number in
      let place = Int(number % Self.capacity * 2)
      return Entry(
        number: number, began: unsafe instants[place].load(ordering: .relaxed),
        ended: unsafe instants[place + 1].load(ordering: .relaxed))
    }
    let now = count.load(ordering: .acquiring)
    return entries.filter { $0.number + Self.capacity > now }
  }
}
