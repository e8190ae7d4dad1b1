import Platform
import Synchronization

/// A chip that is a file: driver, guard and whoever plays the field map it together.
///
/// 4096 bytes. 0 to 63: header, beginning with `GHGPIO1` and a zero. From 64 on four bytes for each of 512 lines:
/// direction (0 unused, 1 input, 2 output), input level that the outside drives, output level that the controller
/// drives, and a counter that the outside raises with each change of the input level. All levels are physical.
@safe public final class SimulatedChip: @unchecked Sendable {
  public enum Direction: UInt8, Sendable {
    case unused = 0
    case input = 1
    case output = 2
  }

  public static let lines = GPIOLimits.simulatedLines
  private static let bytes = 4_096
  private static let magic: [UInt8] = Array("GHGPIO1".utf8) + [0]

  public let path: String
  private let memory: SharedMemory

  /// Opens the file, or makes it and the folder it is in.
  public init(path: String) throws(GPIOError) {
    self.path = path
    do throws(SystemError) {
      if let folder = path.lastIndex(of: "/"), folder > path.startIndex {
        try Files.makeDirectory(String(path[..<folder]))
      }
      memory = try SharedMemory.file(path: path, bytes: Self.bytes)
    } catch {
      throw .simulatedChip(path: path, text: "\(error)")
    }
    let header = (0..<Self.magic.count).map { unsafe cell($0).pointee.load(ordering: .relaxed) }
    if header.allSatisfy({ $0 == 0 }) {
      for (place, byte) in Self.magic.enumerated() {
        unsafe cell(place).pointee.store(byte, ordering: .relaxed)
      }
    } else if header != Self.magic {
      throw .simulatedChip(path: path, text: "the file is not a simulated chip; remove it or name another")
    }
  }

  // The controller's side.

  public func setDirection(_ line: Int, _ direction: Direction) {
    unsafe cell(line, 0).pointee.store(direction.rawValue, ordering: .releasing)
  }

  public func input(_ line: Int) -> Bool {
    unsafe cell(line, 1).pointee.load(ordering: .acquiring) != 0
  }

  public func setOutput(_ line: Int, _ level: Bool) {
    unsafe cell(line, 2).pointee.store(level ? 1 : 0, ordering: .releasing)
  }

  public func edges(_ line: Int) -> UInt8 {
    unsafe cell(line, 3).pointee.load(ordering: .acquiring)
  }

  // The outside's side.

  public func direction(_ line: Int) -> Direction {
    Direction(rawValue: unsafe cell(line, 0).pointee.load(ordering: .acquiring)) ?? .unused
  }

  /// Drives an input; a change counts as an edge.
  public func setInput(_ line: Int, _ level: Bool) {
    let before = unsafe cell(line, 1).pointee.exchange(level ? 1 : 0, ordering: .acquiringAndReleasing)
    if (before != 0) != level { unsafe cell(line, 3).pointee.wrappingAdd(1, ordering: .releasing) }
  }

  public func output(_ line: Int) -> Bool {
    unsafe cell(line, 2).pointee.load(ordering: .acquiring) != 0
  }

  private func cell(_ line: Int, _ field: Int) -> UnsafeMutablePointer<Atomic<UInt8>> {
    precondition(line >= 0 && line < Self.lines, "a simulated chip has 512 lines")
    return unsafe cell(64 + line * 4 + field)
  }

  private func cell(_ place: Int) -> UnsafeMutablePointer<Atomic<UInt8>> {
    unsafe (memory.base + place).assumingMemoryBound(to: Atomic<UInt8>.self)
  }
}
