import ControlCore
import Testing

/// What a supervised line says of its wire, scan by scan.
struct WireCase: Sendable, CustomTestStringConvertible {
  var testDescription: String
  /// Milliseconds of each quality, one after the other; the level is off throughout.
  var course: [(quality: Quality, milliseconds: Int)]
  var words: [String]
  var quality: Quality
}

private let wireCases = [
  WireCase(
    testDescription: "cut", course: [(.good, 30), (.cut, 30)], words: ["inputLost(wireCut)"], quality: .cut),
  WireCase(
    testDescription: "short", course: [(.good, 30), (.short, 30)], words: ["inputLost(wireShort)"],
    quality: .short),
  WireCase(
    testDescription: "a contact on its way passes through both",
    course: [
      (.good, 30), (.cut, 10), (.short, 10), (.cut, 20), (.good, 30),
    ], words: [], quality: .good),
  WireCase(
    testDescription: "unknown at once, told later", course: [(.good, 30), (.cut, 5)], words: [],
    quality: .cut),
  WireCase(
    testDescription: "one fault after the other", course: [(.good, 30), (.cut, 30), (.short, 30)],
    words: ["inputLost(wireCut)", "inputLost(wireShort)"], quality: .short),
  WireCase(
    testDescription: "silent, then cut", course: [(.good, 30), (.bad, 1), (.cut, 30)],
    words: ["inputLost", "inputLost(wireCut)"], quality: .cut),
  WireCase(
    testDescription: "cut, silent, cut again", course: [(.good, 30), (.cut, 30), (.bad, 5), (.cut, 30)],
    words: ["inputLost(wireCut)"], quality: .cut),
  WireCase(
    testDescription: "cut from the start", course: [(.unknown, 5), (.cut, 30)],
    words: ["inputLost(wireCut)"], quality: .cut),
  WireCase(
    testDescription: "mended, and cut again",
    course: [(.good, 30), (.cut, 30), (.good, 30), (.cut, 30)],
    words: ["inputLost(wireCut)", "inputReturned", "inputLost(wireCut)"], quality: .cut),
]

@Test(arguments: wireCases)
func aWireThatIsCutOrShortIsLost(_ wire: WireCase) {
  let rig = Rig(ControllerSetting(inputs: [InputSetting(debounce: .milliseconds(20))]))
  for (quality, milliseconds) in wire.course {
    rig.set(0, false, quality)
    rig.run(milliseconds)
  }
  #expect(rig.words == wire.words)
  #expect(rig.sensed(0).quality == wire.quality)
}

/// A fire line that is cut or short counts as fire where the site says so, after its debounce and not before.
@Test(arguments: [Quality.cut, .short], [true, false])
func aTamperedFireLine(_ quality: Quality, _ lostCounts: Bool) {
  let rig = Rig(
    ControllerSetting(
      inputs: [InputSetting(debounce: .milliseconds(20))], outputs: [OutputSetting()],
      points: [.door(DoorSetting(lock: OutputIndex(0)))],
      emergencies: [
        EmergencySetting(
          inputs: [InputIndex(0)], lostCounts: lostCounts, release: [PointIndex(0)], lock: [])
      ]))
  rig.set(0, false)
  rig.run(30)
  rig.set(0, false, quality)
  rig.run(20)
  #expect(!rig.emergency().active && !rig[0])
  rig.run(1)
  #expect(rig.emergency().active == lostCounts && rig[0] == lostCounts)
}
