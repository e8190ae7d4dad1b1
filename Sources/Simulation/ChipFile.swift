import Platform
import Synchronization

/// The outside of a simulated chip's file: drives its inputs, sees its outputs.
///
/// 4096 bytes; from 64 on four for each of 512 lines: direction (0 unused, 1 input, 2 output), input level, output
/// level, count of the edges that the outside made. All levels are physical.
@safe final class ChipFile {
  static let lines = 512
  private static let magic = Array("GHGPIO1".utf8) + [0]
  private let memory: SharedMemory

  init(path: String) throws(FieldFault) {
    do throws(SystemError) {
      if let slash = path.lastIndex(of: "/"), slash > path.startIndex {
        try Files.makeDirectory(String(path[..<slash]))
      }
      memory = try SharedMemory.file(path: path, bytes: 4_096)
    } catch {
      throw FieldFault("simulated chip: \(error)")
    }
    for (place, byte) in Self.magic.enumerated() {
      unsafe cell(place).pointee.store(byte, ordering: .relaxed)
    }
  }

  /// What the controller drives; nil where the line is not an output yet.
  func output(_ line: Int) -> Bool? {
    guard unsafe cell(64 + line * 4).pointee.load(ordering: .acquiring) == 2 else { return nil }
    return unsafe cell(64 + line * 4 + 2).pointee.load(ordering: .acquiring) != 0
  }

  func setInput(_ line: Int, _ level: Bool) {
    let before = unsafe cell(64 + line * 4 + 1).pointee.exchange(
      level ? 1 : 0, ordering: .acquiringAndReleasing)
    if (before != 0) != level { unsafe cell(64 + line * 4 + 3).pointee.wrappingAdd(1, ordering: .releasing) }
  }

  private func cell(_ place: Int) -> UnsafeMutablePointer<Atomic<UInt8>> {
    unsafe (memory.base + place).assumingMemoryBound(to: Atomic<UInt8>.self)
  }
}
