/// A chip that is there: what a person may name in the site file.
public struct GPIOChipIdentity: Sendable, Equatable, CustomStringConvertible {
  public var name: String
  public var label: String
  public var lines: Int

  public init(name: String, label: String, lines: Int) {
    self.name = name
    self.label = label
    self.lines = lines
  }

  public var description: String { "\(name) labelled '\(label)' (\(lines) lines)" }
}

/// Why lines could not be had, and what a person can do.
public enum GPIOError: Error, Equatable, Sendable, CustomStringConvertible {
  /// `unreadable` are the devices that could not be opened, each with the system's reason.
  case chipMissing(wanted: String, present: [GPIOChipIdentity], unreadable: [String])
  case chipAmbiguous(wanted: String, present: [GPIOChipIdentity])
  case lineMissing(chip: String, line: String, lines: Int)
  /// Another process, or a driver of the kernel, holds the line.
  case lineBusy(chip: String, line: Int, consumer: String)
  case lineTwice(chip: String, line: Int)
  /// The kernel or libgpiod refused `call`; `code` is `errno`.
  case refused(chip: String, call: String, code: Int32, text: String)
  case simulatedChip(path: String, text: String)

  public var description: String {
    switch self {
    case .chipMissing(let wanted, let present, let unreadable):
      "there is no \(wanted); " + Self.list(present)
        + (unreadable.isEmpty ? "" : "; not readable: " + unreadable.joined(separator: ", "))
    case .chipAmbiguous(let wanted, let present):
      "there is more than one \(wanted): name one by its name; " + Self.list(present)
    case .lineMissing(let chip, let line, let lines):
      "\(chip) has no \(line); it has lines 0 to \(lines - 1); `gpioinfo` lists their names"
    case .lineBusy(let chip, let line, let consumer):
      "line \(line) of \(chip) is in use"
        + (consumer.isEmpty ? "" : " by '\(consumer)'") + "; stop that first, or take its overlay out"
    case .lineTwice(let chip, let line): "line \(line) of \(chip) is wired to two signals; give each its own"
    case .refused(let chip, let call, let code, let text):
      "\(chip): \(call): \(text) (errno \(code))"
    case .simulatedChip(let path, let text): "simulated chip \(path): \(text)"
    }
  }

  private static func list(_ chips: [GPIOChipIdentity]) -> String {
    chips.isEmpty
      ? "this machine shows no GPIO chip to this process (see /dev/gpiochip* and its group)"
      : "there is " + chips.map(\.description).joined(separator: ", ")
  }
}
