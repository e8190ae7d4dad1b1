/// Cuts what comes from the line into frames, and finds the next start where one was damaged.
struct OSDPFramer {
  private var bytes: [UInt8] = []
  /// Stretches that looked like a frame and were none.
  private(set) var damaged = 0

  mutating func feed(_ more: [UInt8]) {
    bytes += more
  }

  /// Forgets half a frame; before each command, so that a late reply is never completed by the next one.
  mutating func clear() {
    bytes.removeAll(keepingCapacity: true)
  }

  /// The next whole frame as it came, checked; nil when more must be read first.
  mutating func next() -> [UInt8]? {
    while true {
      guard let start = bytes.firstIndex(of: OSDPFrame.start) else {
        bytes.removeAll(keepingCapacity: true)
        return nil
      }
      bytes.removeFirst(start)
      guard bytes.count >= 4 else { return nil }
      let count = Int(bytes[2]) | Int(bytes[3]) << 8
      if (7...ReadersLimits.frameBytes).contains(count) {
        guard bytes.count >= count else { return nil }
        let frame = Array(bytes[..<count])
        if (try? OSDPFrame(frame)) != nil {
          bytes.removeFirst(count)
          return frame
        }
      }
      damaged += 1
      bytes.removeFirst()
    }
  }
}
