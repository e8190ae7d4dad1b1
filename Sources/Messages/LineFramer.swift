/// Cuts a byte stream into lines, and holds no more of it than one line may be long.
public struct LineFramer: Sendable {
  public enum Line: Sendable, Equatable {
    /// A whole line without its line feed.
    case line([UInt8])
    /// A line over the limit; what follows up to the next line feed is thrown away.
    case overlong
  }

  /// The longest line in bytes, without its line feed.
  public let limit: Int
  private var ready: [Line] = []
  private var place = 0
  private var partial: [UInt8] = []
  private var skipping = false

  public init(limit: Int = MessageLimits.lineBytes) {
    precondition(limit > 0)
    self.limit = limit
  }

  /// Takes what was read; then ask ``next()`` until it has nothing more.
  public mutating func feed(_ bytes: some Collection<UInt8>) {
    var rest = bytes[...]
    while let end = rest.firstIndex(of: 0x0A) {
      take(rest[..<end])
      if !skipping { ready.append(.line(partial)) }
      skipping = false
      partial.removeAll(keepingCapacity: true)
      rest = rest[rest.index(after: end)...]
    }
    take(rest)
  }

  private mutating func take(_ piece: some Collection<UInt8>) {
    guard !skipping else { return }
    if partial.count + piece.count > limit {
      skipping = true
      partial.removeAll()
      ready.append(.overlong)
    } else {
      partial.append(contentsOf: piece)
    }
  }

  /// The next whole line, in order; nil when more must be read first.
  public mutating func next() -> Line? {
    guard place < ready.count else {
      ready.removeAll(keepingCapacity: true)
      place = 0
      return nil
    }
    defer { place += 1 }
    return ready[place]
  }
}
