public import ControlCore

/// Where the scan meets the world. Only this differs between the board, the demo and the virtual clock.
///
/// Both calls return within microseconds: they copy images and at most make one bulk call a chip; a bus is never
/// spoken to from here. Faults arrive as quality in the image, never as errors.
public protocol FieldPort: ~Copyable {
  /// Fills the image with the newest levels and their quality.
  mutating func read(into image: inout InputImage, now: Instant)
  /// Hands the image to the wires; what did not change need not be sent again.
  mutating func write(_ image: borrowing OutputImage, now: Instant)
}
