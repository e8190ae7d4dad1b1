import Journal
import Messages
import Testing

/// The log as headquarters would have it that pulls and acknowledges: every seq once, in order, each gap told.
struct CollectedLog {
  private(set) var last = ChainLink.origin
  private(set) var records: Int64 = 0
  /// Seqs that are lost, as the stretches told them.
  private(set) var lost: Int64 = 0
  /// The seq of each track that was presented, of the newest cycles only.
  private var tracks: [String: Int64] = [:]

  /// Takes what is new. A gap is taken only where `gapsAllowed`, and only with its record behind it.
  mutating func pull(from path: String, gapsAllowed: Bool) throws {
    let reader = try JournalReader(path: path)
    while let stretch = try reader.stretch(after: last.seq, limit: 500) {
      if let gap = stretch.gap {
        #expect(
          gapsAllowed, "seqs \(gap) are gone: \(String(decoding: stretch.records[0].bytes, as: UTF8.self))")
        #expect(gap.lowerBound == last.seq + 1)
        lost += Int64(gap.count)
        last = ChainLink(seq: gap.upperBound, hash: stretch.previous)
        expectTold(gap, by: stretch.records[0])
      }
      #expect(stretch.previous == last.hash, "the chain does not go on behind seq \(last.seq)")
      for record in stretch.records { take(record) }
    }
  }

  private func expectTold(_ gap: ClosedRange<Int64>, by next: StoredRecord) {
    guard case .record(_, let told)? = try? LogRecord.parse(next.bytes) else {
      Issue.record("seqs \(gap) are gone, and what follows is no record")
      return
    }
    #expect(told.type == .gap && told.detail["last"]?.integerValue == gap.upperBound, "\(told)")
  }

  private mutating func take(_ record: StoredRecord) {
    #expect(record.seq == last.seq + 1)
    let hash = Digest.chained(last.hash, Digest.of(record.bytes))
    #expect(record.hash == hash, "seq \(record.seq) is not what the chain says")
    last = ChainLink(seq: record.seq, hash: hash)
    records += 1
    guard case .record(let seq, let line)? = try? LogRecord.parse(record.bytes), line.type == .access,
      let track = line.detail["track"]?.stringValue
    else { return }
    let before = tracks.updateValue(seq, forKey: track)
    #expect(before == nil, "\(track) stands at seq \(before ?? 0) and again at \(seq)")
  }

  /// What was answered with a seq stands there; `answers` are tracks and their seqs.
  func expect(_ answers: [(track: String, seq: Int64)]) {
    for answer in answers where tracks[answer.track] != answer.seq {
      Issue.record(
        "\(answer.track) was answered as seq \(answer.seq), the log has it at \(tracks[answer.track] ?? 0)")
    }
  }

  /// The dead of long ago need no memory.
  mutating func forget(tracksBefore prefix: String) {
    if tracks.count > 20_000 { tracks = tracks.filter { $0.key >= prefix } }
  }
}
