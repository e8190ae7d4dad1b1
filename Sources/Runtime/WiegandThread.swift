import AccessPolicy
import ControlCore
import GPIODriver
import Messages
import Platform
import Site

/// The card readers on this controller's own wires: every swipe becomes a presentation, a damaged one too.
///
/// A chip that is missing is tried again every second; the other readers work meanwhile.
struct WiegandThread: ~Copyable {
  private struct Wire {
    var reader: ReaderIndex
    var chip: Int
    var d0: GPIOLine
    var d1: GPIOLine
    var setting: WiegandDecoder.Setting
  }

  /// A slot holds the reader that cannot be copied into an array.
  private final class Ear {
    let wire: Wire
    var reader: WiegandReader?
    var error: String?

    init(_ wire: Wire) {
      self.wire = wire
    }

    deinit {}
  }

  private let site: SiteDescription
  private let runDirectory: String
  private let decisions: Inbox<DecisionMessage>
  private let field: FieldReport
  private let wake: EventDescriptor
  private let ears: [Ear]
  private var nextTry: UInt64 = 0

  init(
    site: SiteDescription, runDirectory: String, decisions: Inbox<DecisionMessage>, field: FieldReport
  ) throws(SystemError) {
    self.site = site
    self.runDirectory = runDirectory
    self.decisions = decisions
    self.field = field
    wake = try EventDescriptor()
    ears = Self.wires(of: site).map { Ear($0) }
  }

  static func isNeeded(for site: SiteDescription) -> Bool { !wires(of: site).isEmpty }

  private static func wires(of site: SiteDescription) -> [Wire] {
    site.readerWiring.enumerated().compactMap { place, wiring in
      guard case .wiegand(let chip, let d0, let d1, let gap, let formats) = wiring,
        let setting = WiegandDecoder.Setting(names: formats, frameGap: gap.nanoseconds)
      else { return nil }
      return Wire(
        reader: ReaderIndex(place), chip: chip, d0: ChipSource.line(d0), d1: ChipSource.line(d1),
        setting: setting)
    }
  }

  mutating func run(while goesOn: () -> Bool) {
    while goesOn() {
      listen(now: MonotonicClock.now())
      _ = try? Poll.wait(wake.raw, for: .read, milliseconds: patience(MonotonicClock.now()))
      wake.drain()
      let now = MonotonicClock.now()
      for ear in ears { take(from: ear, now: now) }
    }
  }

  /// Until the next open frame is over, or half a second.
  private func patience(_ now: UInt64) -> Int32 {
    let next = ears.compactMap { $0.reader?.expiry }.min() ?? UInt64.max
    if next <= now { return 0 }
    return Int32(min(500, (next - now) / 1_000_000 + 1))
  }

  private mutating func listen(now: UInt64) {
    guard now >= nextTry else { return }
    nextTry = now + RuntimeLimits.chipLook.nanoseconds
    for ear in ears {
      if let failure = ear.reader?.failure, failure != 0 {
        ear.reader = nil
        ear.error = "the chip went away (errno \(failure))"
      }
      if ear.reader == nil { open(ear) }
    }
    field.setReaderFaults(
      ears.compactMap { ear in
        ear.error.map { "reader \(site.policy.readers[ear.wire.reader.position].name): \($0)" }
      })
  }

  private func open(_ ear: Ear) {
    do throws(GPIOError) {
      ear.reader = try WiegandReader(
        chip: ChipSource.of(site.chips[ear.wire.chip], runDirectory: runDirectory), d0: ear.wire.d0,
        d1: ear.wire.d1, setting: ear.wire.setting, bias: .pullUp, wake: wake,
        realTimePriority: max(1, site.loop.priority - 10))
      ear.error = nil
    } catch {
      ear.error = "\(error)"
    }
  }

  private func take(from ear: Ear, now: UInt64) {
    while let result = ear.reader?.next(now: now) {
      var presentation = Presentation(
        reader: ear.wire.reader, credential: .failure(.cardFormat), received: Instant(nanoseconds: now))
      if let text = result.credential {
        presentation.credential = Result { () throws(CredentialFault) in try CredentialKey.parse(text) }
      }
      if case .damaged(let damage) = result {
        presentation.detail.append(("damage", .string("\(damage)")))
      }
      _ = decisions.post(.presentation(presentation))
    }
  }
}
