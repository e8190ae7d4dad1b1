import ControlCore
import Site
import Testing

@testable import Simulation

/// The plant under outputs that a test sets by hand.
struct PlantBench {
  var plant = Plant(setting: Garage.site.control)
  var outputs = Garage.site.control.outputs.map(\.safe)

  mutating func set(_ name: String, _ level: Bool) { outputs[Garage.output(name).position] = level }

  mutating func run(seconds: Double) {
    for _ in 0..<Int(seconds * 100) { plant.step(outputs, by: .milliseconds(10)) }
  }

  mutating func pulse(_ name: String) {
    set(name, true)
    run(seconds: 0.3)
    set(name, false)
  }

  func sees(_ name: String) -> Bool { plant.levels[Garage.input(name).position] }
}

@Suite struct PlantTests {
  let lane = Garage.point("lane1")
  let lobby = Garage.point("lobby")
  let yard = Garage.point("yard")

  @Test func onePulseRaisesTheArmToItsLimit() {
    var bench = PlantBench()
    #expect(bench.sees("lane1.down") && !bench.sees("lane1.up"))
    bench.pulse("lane1.raise")
    #expect(!bench.sees("lane1.down") && !bench.sees("lane1.up"), "between its limits it shows neither")
    bench.run(seconds: 2)
    #expect(bench.sees("lane1.up") && !bench.sees("lane1.down"))
    bench.pulse("lane1.lower")
    bench.run(seconds: 2)
    #expect(bench.sees("lane1.down"))
  }

  @Test func aHeldDriveStopsWithItsOutput() {
    var bench = PlantBench()
    bench.set("yard.open", true)
    bench.run(seconds: 1)
    bench.set("yard.open", false)
    let position = bench.plant.lane(yard)!.drive.position
    #expect(position > 0.2 && position < 0.5)
    bench.run(seconds: 2)
    #expect(bench.plant.lane(yard)!.drive.position == position)
  }

  @Test func bothDirectionsAtOnceStandStill() {
    var bench = PlantBench()
    bench.set("yard.open", true)
    bench.set("yard.close", true)
    bench.run(seconds: 2)
    #expect(bench.plant.lane(yard)!.drive.isClosed)
  }

  @Test(arguments: [Drive.Trouble.jammed, .weldedOpen])
  func aBrokenMotorDoesNotObey(trouble: Drive.Trouble) {
    var bench = PlantBench()
    bench.plant.setTrouble(trouble, at: lane)
    if trouble == .jammed { bench.pulse("lane1.raise") }
    bench.run(seconds: 3)
    #expect(bench.plant.lane(lane)!.drive.isOpen == (trouble == .weldedOpen))
  }

  @Test func aCarWaitsForTheArmAndCoversTheLoopsInOrder() {
    var bench = PlantBench()
    bench.plant.arrive(Vehicle(plate: "京A12345"), at: lane)
    bench.run(seconds: 4)
    #expect(bench.sees("lane1.approach") && !bench.sees("lane1.loop"))
    #expect(bench.plant.takeSightings().map(\.vehicle.plate) == ["京A12345"])
    #expect(bench.plant.takeSightings().isEmpty, "a car is read once")
    bench.pulse("lane1.raise")
    bench.run(seconds: 1.8)
    #expect(bench.sees("lane1.loop") && bench.sees("lane1.beam"))
    bench.run(seconds: 4)
    let after = bench.plant.lane(lane)!.lane
    #expect(after.isEmpty && after.passed == 1 && after.struck == 0)
    #expect(!bench.sees("lane1.loop") && !bench.sees("lane1.approach"))
  }

  @Test func whoTurnsBackNeverReachesTheLoop() {
    var bench = PlantBench()
    bench.plant.arrive(Vehicle(plate: "A", intent: .turnBack(after: .seconds(1))), at: lane)
    bench.pulse("lane1.raise")
    for _ in 0..<100 {
      bench.run(seconds: 0.1)
      #expect(!bench.sees("lane1.loop"))
    }
    #expect(bench.plant.lane(lane)!.lane.turnedBack == 1)
  }

  @Test func anArmThatComesDownOnACarIsCounted() {
    var bench = PlantBench()
    bench.plant.arrive(Vehicle(plate: "A", speed: 0.5), at: lane, front: -1.5)
    bench.plant.moveByHand(lane, to: 1)
    bench.run(seconds: 4)
    #expect(bench.sees("lane1.beam"))
    bench.pulse("lane1.lower")
    bench.run(seconds: 2)
    #expect(bench.plant.lane(lane)!.lane.struck == 1)
  }

  @Test func aLockedDoorTurnsPeopleAwayAndAnUnlockedOneLetsThemThrough() {
    var bench = PlantBench()
    bench.plant.visit(Person(), at: lobby)
    bench.run(seconds: 6)
    #expect(bench.plant.door(lobby)!.turnedAway == 1 && bench.sees("lobby.contact"))
    bench.set("lobby.strike", true)
    bench.plant.visit(Person(), at: lobby)
    bench.run(seconds: 1)
    #expect(!bench.sees("lobby.contact"), "the contact is on while the door is shut")
    bench.run(seconds: 2)
    #expect(bench.sees("lobby.contact") && bench.plant.door(lobby)!.passed == 1)
  }

  @Test func force() {
    var bench = PlantBench()
    bench.plant.visit(Person(intent: .force), at: lobby)
    bench.run(seconds: 1)
    #expect(bench.plant.door(lobby)!.forced == 1 && !bench.sees("lobby.contact"))
  }

  @Test func theExitButtonIsSeenLongEnough() {
    var bench = PlantBench()
    bench.plant.visit(Person(intent: .leave), at: lobby)
    bench.run(seconds: 0.4)
    #expect(bench.sees("lobby.rex"))
    bench.run(seconds: 0.3)
    #expect(!bench.sees("lobby.rex"))
  }
}
