import ControlCore
import Testing

@Suite struct StatusTests {
  /// A technician reads "locked for 2 s", never the time since the board was switched on.
  @Test func aStateAgesFromTheFirstScanOn() {
    let site = MixedSite(debounce: .milliseconds(5))
    var controller = Controller(setting: site.setting)
    var outputs = OutputImage()
    var events = EventBuffer()
    let none: [Command] = []
    let first = Instant(nanoseconds: 7_000_000_000)
    controller.step(InputImage(), commands: none.span, now: first, outputs: &outputs, events: &events)
    for point in site.setting.points.indices {
      let since = controller.status(of: PointIndex(point)).since
      #expect(since == first)
    }
  }
}
