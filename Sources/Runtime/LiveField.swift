import ControlCore
import GPIODriver
import Site

/// The field of the running controller: GPIO by bulk calls, Modbus by the images of its bus threads.
struct LiveField: FieldPort, ~Copyable {
  private let banks: [GPIOBank?]
  /// Inputs whose chip is not there, so that nothing is ever read for them.
  private let missing: [InputIndex]
  private let report: FieldReport
  private let sourced: [SourcedInput]
  private var echoes: [OutputEcho]

  init(site: SiteDescription, banks: [GPIOBank?], report: FieldReport) {
    self.banks = banks
    self.report = report
    sourced = SourcedInput.all(of: site)
    echoes = OutputEcho.all(of: site)
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
    for input in sourced { input.read(into: &image) }
    for place in echoes.indices { echoes[place].hear(image, now: now, report) }
  }

  mutating func write(_ image: borrowing OutputImage, now: Instant) {
    for place in banks.indices {
      guard let bank = banks[place] else { continue }
      report.setWriteCode(bank.writeOutputs(image), chip: place)
    }
    for bus in report.buses { bus.write(image) }
    for place in echoes.indices { echoes[place].drive(image) }
  }
}
