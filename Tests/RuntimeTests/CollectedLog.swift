import Journal
import Messages
import Testing

/// The log as headquarters would have it that pulls and acknowledges: every seq once, in order, each gap told.
struct CollectedLog {
  private(set) var last = ChainLink.origin
  private(set) var records: Int64 = 0
  /// Seqs that are lost, as the stretches told them.
  private(set) var lost: Int64 = 0
  /// Seqs given up for room: seen to be gone, then told by a record that may come much later.
  private var untold: [ClosedRange<Int64>] = []
  private var givenUp: [ClosedRange<Int64>] = []
  /// The seq of each track that was presented, of the newest cycles only.
  private var tracks: [String: Int64] = [:]

  /// Takes what is new. What is gone is told by a gap record: of a log that was lost (only where `gapsAllowed`) the very
  /// next one, of what had to go for room one further on.
  mutating func pull(from path: String, gapsAllowed: Bool) throws {
    let reader = try JournalReader(path: path)
    while let stretch = try reader.stretch(after: last.seq, limit: 500) {
      if let gap = stretch.gap {
        #expect(gap.lowerBound == last.seq + 1)
        last = ChainLink(seq: gap.upperBound, hash: stretch.previous)
        if gapsAllowed, tells(stretch.records[0], of: gap) {
          lost += Int64(gap.count)
        } else {
          untold.append(gap)
        }
      }
      #expect(stretch.previous == last.hash, "the chain does not go on behind seq \(last.seq)")
      for record in stretch.records { take(record) }
    }
    #expect(untold.isEmpty, "these seqs are gone and nothing tells it")
  }

  private func tells(_ next: StoredRecord, of gap: ClosedRange<Int64>) -> Bool {
    guard case .record(_, let told)? = try? LogRecord.parse(next.bytes) else { return false }
    return told.type == .gap && told.detail["last"]?.integerValue == gap.upperBound
  }

  private mutating func takeCapacity(_ told: LogRecord) {
    guard let first = told.detail["first"]?.integerValue, let last = told.detail["last"]?.integerValue,
      first <= last
    else { return }
    untold.removeAll { (first...last).contains($0.lowerBound) && (first...last).contains($0.upperBound) }
    givenUp.append(first...last)
  }

  private mutating func take(_ record: StoredRecord) {
    #expect(record.seq == last.seq + 1)
    let hash = Digest.chained(last.hash, Digest.of(record.bytes))
    #expect(record.hash == hash, "seq \(record.seq) is not what the chain says")
    last = ChainLink(seq: record.seq, hash: hash)
    records += 1
    guard case .record(let seq, let line)? = try? LogRecord.parse(record.bytes) else { return }
    if line.type == .gap, line.reason == "capacity" { takeCapacity(line) }
    guard line.type == .access, let track = line.detail["track"]?.stringValue
    else { return }
    let before = tracks.updateValue(seq, forKey: track)
    #expect(before == nil, "\(track) stands at seq \(before ?? 0) and again at \(seq)")
  }

  /// What was answered with a seq stands there, or was told as given up; `answers` are tracks and their seqs.
  func expect(_ answers: [(track: String, seq: Int64)]) {
    for answer in answers where tracks[answer.track] != answer.seq {
      if tracks[answer.track] == nil, givenUp.contains(where: { $0.contains(answer.seq) }) { continue }
      Issue.record(
        "\(answer.track) was answered as seq \(answer.seq), the log has it at \(tracks[answer.track] ?? 0)")
    }
  }

  /// The dead of long ago need no memory.
  mutating func forget(tracksBefore prefix: String) {
    if tracks.count > 20_000 { tracks = tracks.filter { $0.key >= prefix } }
  }
}
