import ControlCore
import Site

/// An airlock of three doors, of which one has two leaves, and a turnstile that belongs to no door.
enum Airlock {
  static let site: SiteDescription = {
    do throws(SiteFaults) {
      return try SiteFile.read(Array(text.utf8), path: "airlock.json5", profiles: nil)
    } catch {
      fatalError("\(error.faults)")
    }
  }()

  static func point(_ name: String) -> PointIndex { PointIndex(site.pointNames.firstIndex(of: name)!) }
  static func output(_ name: String) -> OutputIndex { OutputIndex(site.outputNames.firstIndex(of: name)!) }

  private static let text = """
    {
      gateway: { id: "gw-7", site: "airlock", timezone: "UTC" },
      gpio: { chip: { simulated: true } },
      inputs: {
        outer: { gpio: "chip", line: 0 }, outer2: { gpio: "chip", line: 1 }, outerRex: { gpio: "chip", line: 2 },
        hall: { gpio: "chip", line: 3 }, hallBond: { gpio: "chip", line: 4 }, hallRex: { gpio: "chip", line: 5 },
        inner: { gpio: "chip", line: 6 }, innerBolt: { gpio: "chip", line: 7 },
        turnIn: { gpio: "chip", line: 8 }, turnOut: { gpio: "chip", line: 9 }, gymRex: { gpio: "chip", line: 10 },
        fire: { gpio: "chip", line: 11 },
      },
      outputs: {
        outerLock: { gpio: "chip", line: 20 }, hallMagnet: { gpio: "chip", line: 21 }, innerLock: { gpio: "chip", line: 22 },
        gymIn: { gpio: "chip", line: 23 }, gymOut: { gpio: "chip", line: 24 }, gymFree: { gpio: "chip", line: 25 },
      },
      points: {
        outer: { kind: "door", outputs: { unlock: "outerLock" },
                 inputs: { contact: "outer", passive_contact: "outer2", exit_button: "outerRex" } },
        hall: { kind: "door", fail: "safe", outputs: { unlock: "hallMagnet" },
                inputs: { contact: "hall", bond: "hallBond", exit_button: "hallRex" } },
        inner: { kind: "door", outputs: { unlock: "innerLock" }, inputs: { contact: "inner", lock_position: "innerBolt" } },
        gym: { kind: "turnstile", outputs: { release_in: "gymIn", release_out: "gymOut", free: "gymFree" },
               inputs: { rotation_in: "turnIn", rotation_out: "turnOut", exit_button: "gymRex" } },
      },
      interlocks: [{ points: ["outer", "hall", "inner"], wait_ms: 6000 }],
      readers: {
        outer: { point: "outer", side: "in", kind: "card" }, hall: { point: "hall", side: "in", kind: "card" },
        inner: { point: "inner", side: "in", kind: "card" }, gymIn: { point: "gym", side: "in", kind: "card" },
        gymOut: { point: "gym", side: "out", kind: "card" },
      },
      schedules: { always: {} },
      groups: { members: { points: ["outer", "hall", "inner", "gym"], schedule: "always" } },
      areas: { gym: { capacity: 20, entries: ["gym"], exits: ["gym"], passback: "soft" } },
      emergency: { fire: { input: "fire", release: ["outer", "hall", "inner", "gym"] }, lockdown: { points: ["outer", "gym"] } },
    }
    """
}
