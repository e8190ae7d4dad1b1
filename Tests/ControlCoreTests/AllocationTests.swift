import CLinux
import ControlCore
import Glibc
import TestSupport
import Testing

/// In a process of its own, where no other test allocates: the compiler refuses allocation in `step`; this counts.
@Test func aHundredThousandScansAllocateNothing() async {
  await #expect(processExitsWith: .success) {
    let site = MixedSite(debounce: .milliseconds(5))
    var controller = Controller(setting: site.setting)
    var image = InputImage()
    var outputs = OutputImage()
    var events = EventBuffer()
    var dice = SplitMix64(seed: 7)
    let inputs = site.setting.inputs.count
    let commands = (0..<Limits.commandsOfScan).map { number in
      Command(
        number % 3 == 0
          ? .grant(PointIndex(number % 9), Grant(passage: UInt64(number), side: .in))
          : number % 3 == 1
            ? .open(PointIndex(number % 9))
            : number % 2 == 0 ? .setAccess(PointIndex(number % 9), .free) : .reset(PointIndex(number % 9)),
        token: UInt64(number), issued: .zero, expires: Instant(nanoseconds: .max))
    }
    var told = 0
    // The process around the scan sets up a thing or two of its own: what `step` kept, every stretch would keep.
    var inUse: UInt = 0
    var stretchesThatGrew = 0
    for scan in 1...100_000 {
      if scan % 10_000 == 0 {
        let now = gh_mallinfo2_in_use()
        if now != inUse { stretchesThatGrew += 1 }
        inUse = now
      }
      let input = InputIndex(dice.pick(inputs))
      image.set(input, dice.chance(2), quality: dice.chance(9) ? .bad : .good)
      controller.step(
        image, commands: commands.span.extracting(first: scan % 50 == 0 ? commands.count : 0),
        now: Instant(nanoseconds: UInt64(scan) * 1_000_000), outputs: &outputs, events: &events)
      told += events.count
    }
    precondition(told > 1_000, "the scans told nothing")
    exit(stretchesThatGrew <= 3 ? 0 : 1)
  }
}
