import ControlCore
import Platform
import Site

/// Keeps counts and learned travels over a restart: in a file, written seldom, since flash wears as well.
///
/// What was counted since the last writing is lost where the controller dies; a stop in order writes, and so does a
/// person's reset, at once.
struct WearKeeper {
  let found: KnownWear
  private let file: WearFile
  private let ports: ScanPorts
  private let status: StatusBoard
  private var written: KnownWear
  private var nextLook: UInt64

  init(file: WearFile, ports: ScanPorts, status: StatusBoard, now: UInt64 = MonotonicClock.now()) {
    self.file = file
    self.ports = ports
    self.status = status
    let (wear, fault) = file.read()
    found = wear
    written = wear
    if let fault { StandardError.write("gatehoused: wear: \(fault); counting from zero") }
    nextLook = now + RuntimeLimits.wearPause.nanoseconds
  }

  /// Writes what changed, not sooner than ``RuntimeLimits/wearPause`` after the last time but for a reset.
  mutating func look(now: UInt64 = MonotonicClock.now()) {
    // Before the first scan nothing is known, and zero is not the count.
    guard let wear = present() else { return }
    guard now >= nextLook || wear.isReset(since: written) else { return }
    keep(wear, now)
  }

  /// The controller stops: whatever changed is written.
  mutating func finish() {
    if let wear = present() { keep(wear, MonotonicClock.now()) }
  }

  private func present() -> KnownWear? {
    let counts = (found.points.count, found.operations.count)
    return ports.snapshot.read { snapshot in
      snapshot.at == .zero ? nil : KnownWear(snapshot, points: counts.0, outputs: counts.1)
    }
  }

  private mutating func keep(_ wear: KnownWear, _ now: UInt64) {
    nextLook = now + RuntimeLimits.wearPause.nanoseconds
    guard wear != written else { return }
    do throws(SystemError) {
      try file.write(wear)
      written = wear
      status.wearFault = nil
    } catch {
      if status.wearFault == nil { StandardError.write("gatehoused: wear: \(error)") }
      status.wearFault = "\(error)"
    }
  }
}
