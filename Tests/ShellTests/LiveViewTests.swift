import Testing

@testable import Shell

@Suite struct LiveViewTests {
  private func scene(position: Double) -> LiveScene {
    var scene = LiveScene()
    scene.title = " Gatehouse gw-0417 at riverside"
    scene.clock = "12 s "
    scene.banner =
      "fire: everything opens and stays so until a person resets, whatever the input does meanwhile"
    for name in ["lane1", "lane2", "yard"] {
      scene.lanes.append(
        LiveScene.Lane(
          name: name, state: "opening", position: position,
          cars: [LiveScene.Car(plate: "京A12345", front: -1.5, length: 4.4)], approachCovered: true,
          loopCovered: false, isGate: name == "yard"))
    }
    scene.doors = [LiveScene.Door(name: "lobby", state: "released", isOpen: false, isUnlocked: true)]
    scene.decisions = (1...20).map {
      "\($0) 08:00:00.123 lane1.camera plate:京A1234\($0) DENY denied-passback"
    }
    scene.footer = "scan late p50 30 us"
    return scene
  }

  @Test(arguments: [0, 0.3, 0.7, 1], [true, false])
  func everyMomentFitsATerminal(position: Double, unicode: Bool) {
    let lines = LiveView(unicode: unicode, color: false).lines(scene(position: position))
    #expect(lines.count == LiveView.height)
    for line in lines {
      #expect(DisplayWidth.of(line) <= 80, "\(line)")
      if !unicode { #expect(line.allSatisfy { $0.isASCII }, "\(line)") }
    }
  }

  @Test func theArmStandsAcrossTheRoadAndRises() {
    let view = LiveView(unicode: false, color: false)
    let shut = view.lines(scene(position: 0))[3]
    let open = view.lines(scene(position: 1))
    // The post is 9 m behind the road's first column, three columns a metre.
    #expect(Array(shut)[18 + 27] == "|")
    #expect(Array(open[3])[18 + 27] == "." && Array(open[2])[18 + 27] == "|")
    #expect(open[4].contains("[##########]"))
  }

  @Test func aCarCarriesItsPlate() {
    let lines = LiveView(unicode: true, color: false).lines(scene(position: 0))
    #expect(lines[3].contains("[京A12345"))
  }

  @Test(arguments: [
    ("abc", 3), ("京A", 3), ("", 0), ("┃━", 2),
  ])
  func widths(text: String, width: Int) {
    #expect(DisplayWidth.of(text) == width)
  }

  @Test func cuttingNeverSplitsAWideCharacter() {
    #expect(DisplayWidth.cut("京京京京", to: 7) == "京京..")
    #expect(DisplayWidth.cut("京京京京", to: 8) == "京京京京")
  }
}
