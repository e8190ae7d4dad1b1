import ControlCore
import GPIODriver
import Site

/// The field of the running controller: GPIO by bulk calls, Modbus by the images of its bus threads.
struct LiveField: FieldPort, ~Copyable {
  private let banks: [GPIOBank?]
  /// Inputs whose chip is not there, so that nothing is ever read for them.
  private let missing: [InputIndex]
  private let report: FieldReport

  init(site: SiteDescription, banks: [GPIOBank?], report: FieldReport) {
    self.banks = banks
    self.report = report
    missing = site.inputWiring.enumerated().compactMap { place, wiring in
      guard case .gpio(let chip, _, _, _) = wiring, banks[chip] == nil else { return nil }
      return InputIndex(place)
    }
  }

  mutating func read(into image: inout InputImage, now: Instant) {
    for place in banks.indices {
      guard let bank = banks[place] else { continue }
      report.setReadCode(bank.readInputs(into: &image), chip: place)
    }
    for bus in report.buses { bus.read(into: &image, now: now) }
    for input in missing { image.quality[input.position] = .bad }
  }

  mutating func write(_ image: borrowing OutputImage, now: Instant) {
    for place in banks.indices {
      guard let bank = banks[place] else { continue }
      report.setWriteCode(bank.writeOutputs(image), chip: place)
    }
    for bus in report.buses { bus.write(image) }
  }
}
