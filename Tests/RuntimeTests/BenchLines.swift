import GPIODriver
import Glibc
import Platform

/// The outside of a chip's lines: what drives the inputs and sees the outputs.
protocol BenchLines {
  func set(_ line: Int, _ level: Bool) throws
  func value(_ line: Int) throws -> Bool
}

/// A simulated chip in its file.
struct SimulatedLines: BenchLines {
  let chip: SimulatedChip

  func set(_ line: Int, _ level: Bool) { chip.setInput(line, level) }
  func value(_ line: Int) -> Bool { chip.output(line) }
}

/// A chip of the kernel's gpio-sim, through sysfs; each line's files are opened once, so that one call is one change.
final class KernelLines: BenchLines {
  private let folder: String
  private var pulls: [Int: Int32] = [:]

  init() throws {
    let device = "/sys/devices/platform/gpio-sim.0"
    guard let name = try Files.list(device).first(where: { $0.hasPrefix("gpiochip") }) else {
      throw SystemError(call: "list \(device)", code: ENODEV)
    }
    folder = "\(device)/\(name)"
  }

  deinit {
    for file in pulls.values { close(file) }
  }

  func set(_ line: Int, _ level: Bool) throws {
    let file = try pull(line)
    let text: [UInt8] = Array((level ? "pull-up" : "pull-down").utf8)
    let count = unsafe text.withUnsafeBytes { unsafe pwrite(file, $0.baseAddress, $0.count, 0) }
    guard count == text.count else { throw SystemError(call: "write pull of line \(line)") }
  }

  private func pull(_ line: Int) throws -> Int32 {
    if let known = pulls[line] { return known }
    let file = unsafe open("\(folder)/sim_gpio\(line)/pull", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { throw SystemError(call: "open pull of line \(line)") }
    pulls[line] = file
    return file
  }

  func value(_ line: Int) throws -> Bool {
    try Files.read("\(folder)/sim_gpio\(line)/value").first == UInt8(ascii: "1")
  }
}
