import ControlCore
import Platform
import Runtime

/// Allocations over a million scans of a full site: there must be none.
enum ScanAllocations {
  static let scans = 1_000_000

  static func measure() throws -> Figure {
    guard AllocationCount.works() else { throw BenchFault("the allocation counter sees nothing: no figure") }
    let ports = ScanPorts()
    var loop = ControlLoop(
      field: BusyField(), setting: FullSite.setting(), period: .milliseconds(1), ports: ports)
    var now = Instant(nanoseconds: 1_000_000_000)
    var events = 0
    func scan() {
      if events % 64 == 0 { order(events, ports, now) }
      loop.scan(now: now)
      now = now + .milliseconds(1)
      while ports.events.pop() != nil { events += 1 }
    }
    for _ in 0..<1_000 { scan() }
    let began = MonotonicClock.now()
    let before = AllocationCount.soFar()
    for _ in 0..<scans { scan() }
    let count = AllocationCount.soFar() - before
    let took = Double(MonotonicClock.now() - began) / Double(scans)
    guard events > 0 else {
      throw BenchFault("a million scans without an event: the site is asleep, no figure")
    }
    return Figure(
      name: "scan-allocations", unit: "",
      subject: "calls of the allocator in \(scans) scans with \(events) events (\(Int(took)) ns a scan)",
      ours: [("allocations", Double(count))], baseline: "", raw: [],
      goal: .init(value: Double(count), limit: 0, name: "allocations"))
  }

  private static func order(_ number: Int, _ ports: ScanPorts, _ now: Instant) {
    let point = PointIndex(number / 64 % Limits.points)
    let grant = Grant(passage: UInt64(number + 1), side: .in)
    _ = ports.commands.post(
      Command(.grant(point, grant), token: UInt64(number + 1), issued: now, expires: now + .seconds(2)))
  }
}
