import ControlCore
import Site

/// Compares what an output's contact tells with what the output was told, scan by scan.
struct OutputEcho {
  private let output: OutputIndex
  private let input: InputIndex
  private let within: UInt64
  private var driven: Bool?
  /// Since when the input tells otherwise without a break; nil while it agrees, or cannot be believed.
  private var since: UInt64?

  init(output: OutputIndex, _ feedback: OutputFeedback) {
    self.output = output
    input = feedback.input
    within = feedback.within.nanoseconds
  }

  static func all(of site: SiteDescription) -> [OutputEcho] {
    site.outputFeedback.enumerated().compactMap { place, feedback in
      feedback.map { OutputEcho(output: OutputIndex(place), $0) }
    }
  }

  mutating func drive(_ image: borrowing OutputImage) {
    let level = image.level[output.position]
    if driven != level { since = nil }
    driven = level
  }

  /// Tells the report a difference that has lasted too long, and its end.
  mutating func hear(_ image: borrowing InputImage, now: Instant, _ report: FieldReport) {
    guard let driven else { return }
    let level = image.level[input.position]
    guard image.quality[input.position] == .good, level != driven else {
      since = nil
      report.setEcho(nil, output: output)
      return
    }
    let began = since ?? now.nanoseconds
    since = began
    report.setEcho(now.nanoseconds - began > within ? (level, began) : nil, output: output)
  }
}
