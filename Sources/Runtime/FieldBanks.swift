import ControlCore
import GPIODriver
import Platform
import Site

/// The GPIO chips of the site with the lines that the guard holds, so that an output keeps its level over a fork.
///
/// A chip that is not there is a fault, no end: the rest of the site works.
struct FieldBanks: ~Copyable {
  private let site: SiteDescription
  private let runDirectory: String
  private var banks: [GPIOBank?]
  private var errors: [String?]

  init(site: SiteDescription, runDirectory: String) {
    self.site = site
    self.runDirectory = runDirectory
    banks = Array(repeating: nil, count: site.chips.count)
    errors = Array(repeating: "not opened yet", count: site.chips.count)
  }

  /// By the chip's place in the site.
  var opened: [GPIOBank?] { banks }

  /// What is missing, by the chip's place; nil where all is well.
  var chipErrors: [String?] { errors }

  var faults: [String] {
    errors.enumerated().compactMap { place, error in
      error.map { "chip \(site.chips[place].name): \($0)" }
    }
  }

  /// Tries every chip that is not open, and those whose bit in `suspects` says that their lines fail.
  ///
  /// True where one is there now that was not before.
  mutating func openMissing(suspects: UInt64 = 0) -> Bool {
    var found = false
    for place in site.chips.indices where banks[place] == nil || suspects >> UInt64(place) & 1 == 1 {
      do {
        banks[place] = try GPIOBank.open(
          chip: ChipSource.of(site.chips[place], runDirectory: runDirectory),
          inputs: ChipSource.inputs(of: site, chip: place), outputs: ChipSource.outputs(of: site, chip: place)
        )
        errors[place] = nil
        found = true
      } catch {
        if banks[place] == nil { errors[place] = "\(error)" }
      }
    }
    return found
  }

  /// Every line to its safe level, whatever was driven before.
  func writeSafeLevels() {
    for bank in banks { bank?.writeSafe() }
  }
}

/// The site's words for chips and lines in the driver's.
enum ChipSource {
  static func of(_ chip: ChipDescription, runDirectory: String) -> GPIOChipSource {
    switch chip.source {
    case .label(let label): .label(label)
    case .name(let name): .name(name)
    case .simulated: .simulated(path: "\(runDirectory)/gpio/\(chip.name).lines")
    }
  }

  static func line(_ line: Line) -> GPIOLine {
    switch line {
    case .offset(let offset): .offset(offset)
    case .name(let name): .name(name)
    }
  }

  private static func bias(_ bias: Bias?) -> GPIOBias? {
    switch bias {
    case .pullUp: .pullUp
    case .pullDown: .pullDown
    case .disabled: .disabled
    case nil: nil
    }
  }

  static func inputs(of site: SiteDescription, chip: Int) -> [GPIOInputLine] {
    site.inputWiring.enumerated().compactMap { place, wiring in
      guard case .gpio(chip, let line, let activeLow, let bias) = wiring else { return nil }
      return GPIOInputLine(
        line: self.line(line), activeLow: activeLow, bias: self.bias(bias), input: InputIndex(place))
    }
  }

  static func outputs(of site: SiteDescription, chip: Int) -> [GPIOOutputLine] {
    site.outputWiring.enumerated().compactMap { place, wiring in
      guard case .gpio(chip, let line, let activeLow) = wiring else { return nil }
      return GPIOOutputLine(
        line: self.line(line), activeLow: activeLow, safe: site.control.outputs[place].safe,
        output: OutputIndex(place))
    }
  }
}
