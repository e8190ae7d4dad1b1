import CGpiod
import Platform

/// An open character device of a chip: `gpiod_chip_open`.
@safe final class KernelChip: @unchecked Sendable {
  let pointer: OpaquePointer
  let identity: GPIOChipIdentity

  private init(pointer: OpaquePointer, identity: GPIOChipIdentity) {
    unsafe self.pointer = pointer
    self.identity = identity
  }

  deinit {
    unsafe gpiod_chip_close(pointer)
  }

  private static func open(path: String) throws(SystemError) -> KernelChip {
    guard let pointer = unsafe gpiod_chip_open(path) else {
      throw SystemError(call: "gpiod_chip_open \(path)", code: gh_gpiod_errno())
    }
    var name = [CChar](repeating: 0, count: GPIOLimits.nameSize)
    var label = name
    var lines: UInt32 = 0
    guard unsafe gh_gpiod_chip_identity(pointer, &name, &label, &lines) == 0 else {
      let code = gh_gpiod_errno()
      unsafe gpiod_chip_close(pointer)
      throw SystemError(call: "gpiod_chip_get_info \(path)", code: code)
    }
    let identity = GPIOChipIdentity(name: text(name), label: text(label), lines: Int(lines))
    return unsafe KernelChip(pointer: pointer, identity: identity)
  }

  /// Looks through `/dev/gpiochip*`; a second device file of the same chip is not a second chip.
  static func find(_ source: GPIOChipSource) throws(GPIOError) -> KernelChip {
    var present: [KernelChip] = []
    var unreadable: [String] = []
    let files = ((try? Files.list("/dev")) ?? []).filter { $0.hasPrefix("gpiochip") }
    for file in files.prefix(GPIOLimits.chips) {
      do throws(SystemError) {
        let chip = try open(path: "/dev/\(file)")
        if !present.contains(where: { $0.identity.name == chip.identity.name }) { present.append(chip) }
      } catch {
        unreadable.append("/dev/\(file): \(error.text)")
      }
    }
    let matching = present.filter { chip in
      switch source {
      case .label(let label): chip.identity.label == label
      case .name(let name): chip.identity.name == name
      case .simulated: false
      }
    }
    guard let found = matching.first else {
      throw .chipMissing(
        wanted: "\(source)", present: present.map(\.identity), unreadable: unreadable)
    }
    if matching.count > 1 {
      throw .chipAmbiguous(wanted: "\(source)", present: matching.map(\.identity))
    }
    return found
  }

  func offset(of line: GPIOLine) throws(GPIOError) -> UInt32 {
    let offset: Int
    switch line {
    case .offset(let given): offset = given
    case .name(let name): offset = Int(unsafe gh_gpiod_find_line(pointer, name))
    }
    guard offset >= 0, offset < identity.lines else {
      throw .lineMissing(chip: identity.name, line: "\(line)", lines: identity.lines)
    }
    return UInt32(offset)
  }

  /// The error of a request that failed with `code`: which line is taken, where that is the reason.
  func refusal(_ call: String, _ code: Int32, _ offsets: [UInt32]) -> GPIOError {
    let error = SystemError(call: call, code: code)
    if code == Self.busy {
      for offset in offsets {
        var consumer = [CChar](repeating: 0, count: GPIOLimits.nameSize)
        unsafe gh_gpiod_line_consumer(pointer, offset, &consumer)
        let holder = Self.text(consumer)
        if !holder.isEmpty { return .lineBusy(chip: identity.name, line: Int(offset), consumer: holder) }
      }
      return .lineBusy(chip: identity.name, line: Int(offsets[0]), consumer: "")
    }
    return .refused(chip: identity.name, call: call, code: code, text: error.text)
  }

  /// EBUSY.
  private static let busy: Int32 = 16

  private static func text(_ characters: [CChar]) -> String {
    String(decoding: characters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
