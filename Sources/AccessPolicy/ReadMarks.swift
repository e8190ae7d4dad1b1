/// Of one reader's last reads the marks of what was read and of what passes, and the tracks: packed, so that a decision
/// looks at the reads themselves only where one of them may be its own.
struct ReadMarks: Sendable {
  private var read = InlineArray<8, UInt32>(repeating: 0)
  private var passing = InlineArray<8, UInt32>(repeating: 0)
  private var tracks = InlineArray<8, UInt64>(repeating: 0)

  init() {
    precondition(PolicyLimits.readsOfReader == 8, "as many marks as reads")
  }

  mutating func note(_ memory: ReadMemory, at place: Int) {
    read[place] = memory.credential?.mark ?? 0
    passing[place] = memory.passing?.mark ?? 0
    tracks[place] = memory.track ?? 0
  }

  /// A bit for each mark and track by its lowest six bits: where it is missing, nothing need be compared.
  var filter: UInt64 {
    var filter: UInt64 = 0
    for place in 0..<8 {
      filter |= ReadMarks.bit(UInt64(read[place])) | ReadMarks.bit(UInt64(passing[place]))
      filter |= ReadMarks.bit(tracks[place])
    }
    return filter
  }

  /// What ``filter`` is asked for.
  @_noLocks
  static func asked(_ mark: UInt32, _ track: UInt64?) -> UInt64 {
    guard let track else { return bit(UInt64(mark)) }
    return bit(UInt64(mark)) | bit(track)
  }

  /// Whether one of the reads may be of a credential with this mark, or have granted it, or be on this track.
  @inline(never)
  @_noLocks
  func mayHold(_ mark: UInt32, _ track: UInt64?) -> Bool {
    for place in 0..<8 where read[place] == mark || passing[place] == mark { return true }
    guard let track else { return false }
    for place in 0..<8 where tracks[place] == track { return true }
    return false
  }

  @_noLocks
  private static func bit(_ mark: UInt64) -> UInt64 { 1 << (mark & 63) }
}
