/// Every bound of this room.
enum GPIOLimits {
  /// Chips that are looked through for a label.
  static let chips = 256
  /// Lines of one simulated chip; the file's format holds no more.
  static let simulatedLines = 512
  /// What the kernel calls a chip, line or consumer, with the closing zero.
  static let nameSize = 32
  /// Writes of unchanged levels that are left out before one is sent all the same: a port expander that browned out
  /// comes back within so many scans.
  static let refreshAfter = 128
  /// Edges that libgpiod 2 keeps in the kernel for one request.
  static let edgesOfKernel: UInt32 = 1_024
  /// How often a simulated chip's edge counters are looked at, in nanoseconds.
  static let simulatedEdgePeriod: UInt64 = 250_000
  /// Bits of one Wiegand frame; longer ones are noise.
  static let bitsOfFrame = 64
}
