import Platform
import Testing

@Suite struct RingTests {
  @Test func itHoldsItsCapacityAndNoMore() {
    let ring = Ring<Int>(capacity: 4, filledWith: 0)
    #expect(ring.pop() == nil)
    for turn in 0..<10 {
      for element in 0..<4 { #expect(ring.push(turn * 10 + element)) }
      #expect(!ring.push(99))
      #expect(ring.count == 4)
      for element in 0..<4 { #expect(ring.pop() == turn * 10 + element) }
      #expect(ring.pop() == nil && ring.count == 0)
    }
  }

  @Test func nothingIsLostOrTornBetweenTwoThreads() throws {
    struct Pair: BitwiseCopyable, Sendable {
      var number: UInt64
      var inverse: UInt64
    }
    let ring = Ring<Pair>(capacity: 64, filledWith: Pair(number: 0, inverse: 0))
    let last: UInt64 = 300_000
    let producer = try PlatformThread.start(name: "producer") {
      var next: UInt64 = 1
      while next <= last {
        if ring.push(Pair(number: next, inverse: ~next)) {
          next += 1
        } else {
          MonotonicClock.sleep(milliseconds: 0)
        }
      }
    }
    var expected: UInt64 = 1
    var wrong = 0
    while expected <= last {
      guard let pair = ring.pop() else { continue }
      if pair.number != expected || pair.inverse != ~expected { wrong += 1 }
      expected += 1
    }
    producer.join()
    #expect(wrong == 0)
    #expect(ring.pop() == nil)
  }

  @Test func aCapacityIsAPowerOfTwo() async {
    await #expect(processExitsWith: .failure) { _ = Ring<Int>(capacity: 3, filledWith: 0) }
  }
}
