import CBaseline
import ControlCore
import Platform
import Runtime

/// How late the scan wakes up, against an empty loop in C on the same core at the same time.
enum ScanLateness {
  static let rounds = 8
  static let scansOfRound = 5_000
  static let period = Interval.milliseconds(1)
  static let limit = 1.25

  static func measure() throws -> Figure {
    let ports = ScanPorts()
    let ours = ports.gauges.lateness
    let raw = Histogram()
    var realTime = true
    for round in 0..<rounds {
      // The first to start has the earlier phase; taking turns gives each side both phases.
      let pair =
        round % 2 == 0
        ? try (start { scan(with: ports) }, start { loop(into: raw) })
        : try (start { loop(into: raw) }, start { scan(with: ports) })
      realTime = realTime && pair.0.gotRealTime && pair.1.gotRealTime
      pair.0.join()
      pair.1.join()
    }
    let ratio = Double(ours.percentile(0.99)) / Double(max(1, raw.percentile(0.99)))
    return Figure(
      name: "scan-lateness", unit: "us",
      subject: "wake-up of the 1 kHz scan, \(rounds * scansOfRound) scans of a full site"
        + (realTime ? ", SCHED_FIFO" : ", WITHOUT real-time priority"),
      ours: row(ours), baseline: "empty C loop, same core, same time", raw: row(raw),
      goal: .init(value: ratio, limit: limit, name: "p99 ratio"))
  }

  private static func row(_ histogram: Histogram) -> [(key: String, value: Double)] {
    [
      ("p50", Double(histogram.percentile(0.5))), ("p99", Double(histogram.percentile(0.99))),
      ("p99.9", Double(histogram.percentile(0.999))), ("max", Double(histogram.maximumMicroseconds)),
    ]
  }

  private static func start(_ body: @escaping @Sendable () -> Void) throws(SystemError) -> PlatformThread {
    let thread = try PlatformThread.start(name: "bench", realTimePriority: 80, stackBytes: 8 << 20) {
      // The last core: interrupts and other programs gather on the first.
      gh_pin_to_last_core()
      body()
    }
    MonotonicClock.sleep(until: MonotonicClock.now() + period.nanoseconds / 2)
    return thread
  }

  private static func scan(with ports: ScanPorts) {
    var loop = ControlLoop(field: BusyField(), setting: FullSite.setting(), period: period, ports: ports)
    var left = scansOfRound
    loop.run(
      while: { left > 0 },
      beat: { _ in
        left -= 1
        while ports.events.pop() != nil {}
      })
  }

  private static func loop(into histogram: Histogram) {
    var late = [UInt64](repeating: 0, count: scansOfRound)
    unsafe late.withUnsafeMutableBufferPointer {
      unsafe gh_baseline_loop(period.nanoseconds, $0.count, $0.baseAddress)
    }
    for nanoseconds in late { histogram.record(nanoseconds: nanoseconds) }
  }
}
