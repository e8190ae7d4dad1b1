import ControlCore
import Platform
import Runtime
import Synchronization
import Testing

/// What the field of ``FakeField`` is told and asked, seen by the test.
final class FieldLog: Sendable {
  struct State: Sendable {
    var inputs: [Bool] = Array(repeating: false, count: 8)
    var outputs: [Bool] = Array(repeating: false, count: 8)
    var writes = 0
    var pause: UInt64 = 0
  }
  let state = Mutex(State())
}

struct FakeField: FieldPort, ~Copyable {
  let log: FieldLog

  mutating func read(into image: inout InputImage, now: Instant) {
    let state = log.state.withLock { $0 }
    if state.pause > 0 { MonotonicClock.sleep(milliseconds: state.pause) }
    for place in 0..<8 { image.set(InputIndex(place), state.inputs[place]) }
  }

  mutating func write(_ image: borrowing OutputImage, now: Instant) {
    var levels: [Bool] = []
    for place in 0..<8 { levels.append(image.level[place]) }
    log.state.withLock {
      $0.outputs = levels
      $0.writes += 1
    }
  }
}

struct ControlLoopTests {
  /// A strike on output 0, a magnet on output 1.
  private var doors: ControllerSetting {
    var strike = DoorSetting(lock: OutputIndex(0))
    strike.unlock = .milliseconds(50)
    var magnet = DoorSetting(lock: OutputIndex(1))
    magnet.fail = .safe
    return ControllerSetting(
      inputs: Array(repeating: InputSetting(), count: 8),
      outputs: [OutputSetting(safe: false), OutputSetting(safe: false)],
      points: [.door(strike), .door(magnet)])
  }

  private func grant(_ ports: ScanPorts, issued: UInt64, token: UInt64) -> Command {
    let action = Command.Action.grant(PointIndex(0), Grant(passage: 9, side: .in))
    return Command(
      action, token: token, issued: Instant(nanoseconds: issued),
      expires: Instant(nanoseconds: issued + 1 << 40))
  }

  @Test func aGrantOpensInTheNextScanAndIsMeasured() {
    let log = FieldLog()
    let woken = FieldLog()
    let ports = ScanPorts { woken.state.withLock { $0.writes += 1 } }
    var loop = ControlLoop(
      field: FakeField(log: log), setting: doors, period: .milliseconds(1), ports: ports)
    loop.scan(now: Instant(nanoseconds: 1_000))
    #expect(log.state.withLock { $0.outputs[0] } == false)
    #expect(ports.commands.post(grant(ports, issued: 1_500, token: 77)))
    loop.scan(now: Instant(nanoseconds: 2_000))
    #expect(log.state.withLock { $0.outputs[0] })
    #expect(ports.gauges.eventToOutput.count == 1)
    var kinds: [Event.Kind] = []
    while let event = ports.events.pop() {
      kinds.append(event.kind)
      if event.kind == .accepted { #expect(event.token == 77) }
    }
    #expect(kinds.contains(.accepted) && kinds.contains(.unlocked))
    #expect(woken.state.withLock { $0.writes } > 0)
    #expect(ports.snapshot.read { $0.points[0].state } == .unlocked)
  }

  @Test func anOldCommandMovesNothing() {
    let log = FieldLog()
    let ports = ScanPorts()
    var loop = ControlLoop(
      field: FakeField(log: log), setting: doors, period: .milliseconds(1), ports: ports)
    loop.scan(now: Instant(nanoseconds: 1_000))
    var command = grant(ports, issued: 1_000, token: 5)
    command.expires = Instant(nanoseconds: 1_500)
    #expect(ports.commands.post(command))
    loop.scan(now: Instant(nanoseconds: 2_000))
    #expect(log.state.withLock { $0.outputs[0] } == false)
    #expect(ports.gauges.eventToOutput.count == 0)
  }

  @Test func leavesEveryOutputSafeAndCountsWhatItMissed() {
    let log = FieldLog()
    let ports = ScanPorts()
    var loop = ControlLoop(
      field: FakeField(log: log), setting: doors, period: .milliseconds(1), ports: ports)
    var beats = 0
    var magnetWasOn = false
    loop.run(while: { beats < 20 }) { _ in
      beats += 1
      magnetWasOn = magnetWasOn || log.state.withLock { $0.outputs[1] }
      log.state.withLock { $0.pause = beats == 10 ? 12 : 0 }
    }
    #expect(magnetWasOn)
    #expect(log.state.withLock { $0.outputs[1] } == false, "safe when the loop has ended")
    #expect(ports.gauges.scans.load(ordering: .relaxed) == 20)
    #expect(ports.gauges.overruns.load(ordering: .relaxed) >= 1)
    #expect(ports.gauges.skipped.load(ordering: .relaxed) >= 10)
    #expect(ports.gauges.lateness.count == 20)
  }

  @Test func eventsThatFindNoRoomAreCounted() {
    let log = FieldLog()
    let ports = ScanPorts()
    while ports.events.push(Event(.accepted, at: .zero)) {}
    var loop = ControlLoop(
      field: FakeField(log: log), setting: doors, period: .milliseconds(1), ports: ports)
    #expect(ports.commands.post(grant(ports, issued: 0, token: 1)))
    loop.scan(now: Instant(nanoseconds: 1_000))
    #expect(ports.gauges.eventsLost.load(ordering: .relaxed) > 0)
    #expect(log.state.withLock { $0.outputs[0] }, "a full ring does not hold the door")
  }

  @Test func aFullCommandRingRefusesAndKeepsItsOrder() {
    let ports = ScanPorts()
    var taken: UInt64 = 0
    while ports.commands.post(grant(ports, issued: 0, token: taken)) { taken += 1 }
    #expect(taken == UInt64(Limits.commandRing))
    for token in 0..<taken { #expect(ports.commands.take()?.token == token) }
    #expect(ports.commands.take() == nil)
  }
}
