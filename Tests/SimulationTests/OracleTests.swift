import ControlCore
import Site
import Testing

@testable import Simulation

/// The oracle alone, told what a controller is said to have done.
@Suite struct OracleTests {
  private let setting = Garage.site.control

  private func image() -> InputImage {
    var image = InputImage()
    let plant = Plant(setting: setting)
    for place in setting.inputs.indices { image.set(InputIndex(place), plant.levels[place]) }
    return image
  }

  @Test func anOrderWithoutAnAnswerIsSeen() {
    var oracle = Oracle(setting: setting)
    let now = Instant.zero + .seconds(1)
    let order = Command(.open(Garage.point("lane1")), token: 9, issued: now, expires: now + .seconds(2))
    oracle.observe(
      image(), commands: [order], outputs: setting.outputs.map(\.safe), events: [], now: now)
    #expect(oracle.violations.contains { $0.contains("order 9 was not answered") })
  }

  @Test func aStaleOrderThatIsObeyedIsSeen() {
    var oracle = Oracle(setting: setting)
    let now = Instant.zero + .seconds(10)
    let order = Command(.open(Garage.point("lane1")), token: 9, issued: .zero, expires: .zero + .seconds(2))
    oracle.observe(
      image(), commands: [order], outputs: setting.outputs.map(\.safe),
      events: [Event(.accepted, at: now, token: 9)], now: now)
    #expect(oracle.violations.contains { $0.contains("stale order was accepted") })
  }

  @Test func aGrantThatNeverEndsIsSeen() {
    var oracle = Oracle(setting: setting)
    var now = Instant.zero + .seconds(1)
    let grant = Command(
      .grant(Garage.point("lane1"), Grant(passage: 77, side: .in)), token: 9, issued: now,
      expires: now + .seconds(2))
    oracle.observe(
      image(), commands: [grant], outputs: setting.outputs.map(\.safe),
      events: [Event(.accepted, at: now, token: 9)], now: now)
    #expect(oracle.count == 0)
    now = now + .seconds(601)
    oracle.observe(image(), commands: [], outputs: setting.outputs.map(\.safe), events: [], now: now)
    #expect(oracle.violations.contains { $0.contains("grant 77 ended neither") })
  }

  @Test func lostPresenceForbidsClosing() {
    var oracle = Oracle(setting: setting)
    var now = Instant.zero + .seconds(1)
    let close = Command(.close(Garage.point("lane1")), token: 1, issued: now, expires: now + .seconds(2))
    var outputs = setting.outputs.map(\.safe)
    oracle.observe(
      image(), commands: [close], outputs: outputs, events: [Event(.accepted, at: now, token: 1)],
      now: now)
    now = now + .milliseconds(10)
    outputs[Garage.output("lane1.lower").position] = true
    var blind = image()
    blind.quality[Garage.input("lane1.loop").position] = .bad
    oracle.observe(blind, commands: [], outputs: outputs, events: [], now: now)
    #expect(oracle.violations.count == 1 && oracle.violations[0].contains("closing on a presence"))
  }
}
