public import ControlCore
import Synchronization

/// The newest levels of a bus's inputs: written by the bus's thread, read by the scan without a lock.
@safe public final class ModbusInputTable: @unchecked Sendable {
  /// Level, quality and stamp in one word, so that they always belong together: bit 63 level, bits 60 to 62
  /// quality, the rest nanoseconds.
  private let words: UnsafeMutablePointer<Atomic<UInt64>>
  /// The register behind each signal as it was read last: for people, who set its bands by it.
  private let registers: UnsafeMutablePointer<Atomic<UInt16>>
  public let count: Int

  init(count: Int) {
    self.count = count
    unsafe words = .allocate(capacity: max(1, count))
    unsafe registers = .allocate(capacity: max(1, count))
    for slot in 0..<max(1, count) {
      unsafe (words + slot).initialize(to: Atomic(0))
      unsafe (registers + slot).initialize(to: Atomic(0))
    }
  }

  deinit {
    unsafe words.deinitialize(count: max(1, count))
    unsafe words.deallocate()
    unsafe registers.deinitialize(count: max(1, count))
    unsafe registers.deallocate()
  }

  /// The logical level, how far it can be believed, and when it was read (nanoseconds of CLOCK_MONOTONIC; 0: never).
  ///
  /// The reader looks at the stamp as well: were the bus's thread held up, the level would stay good and grow old.
  public func read(_ slot: Int) -> (level: Bool, quality: Quality, stamp: UInt64) {
    precondition(slot >= 0 && slot < count, "the bus has no such input")
    let word = unsafe words[slot].load(ordering: .acquiring)
    return (word >> 63 != 0, Quality(rawValue: UInt8(word >> 60 & 7)) ?? .bad, word & Self.stampMask)
  }

  /// The whole register behind the signal when it was read last; 0 for a coil or a discrete input.
  public func register(_ slot: Int) -> UInt16 {
    precondition(slot >= 0 && slot < count, "the bus has no such input")
    return unsafe registers[slot].load(ordering: .relaxed)
  }

  func publish(
    _ slot: Int, level: Bool, quality: Quality = .good, register: UInt16 = 0, at stamp: UInt64
  ) {
    unsafe registers[slot].store(register, ordering: .relaxed)
    let word = (level ? 1 << 63 : 0) | UInt64(quality.rawValue) << 60 | stamp & Self.stampMask
    unsafe words[slot].store(word, ordering: .releasing)
  }

  /// Keeps level and stamp; one that was never read stays unknown until `stamp` says otherwise.
  func spoil(_ slot: Int) {
    let word = unsafe words[slot].load(ordering: .relaxed)
    unsafe words[slot].store(
      word & ~Self.qualityMask | UInt64(Quality.bad.rawValue) << 60, ordering: .releasing)
  }

  private static var qualityMask: UInt64 { 7 << 60 }
  private static var stampMask: UInt64 { 1 << 60 - 1 }
}
