/// The journal's bounds.
public enum JournalLimits {
  /// The smallest capacity, in records.
  public static var capacity: Int { 16 }
  /// The smallest capacity, in bytes.
  public static var capacityBytes: Int64 { 1 << 20 }
  /// The most drafts in one append.
  public static var group: Int { 4_096 }
  /// Seqs set aside at a time in `gatehouse.seq`; so many at most are given up when the database is lost.
  public static var reserve: Int64 { 4_096 }
  /// The most records that one drop takes; a small share of the capacity where that is less.
  public static var dropChunk: Int { 1_024 }
  /// Records that ``JournalReader/verify()`` looks at in one read transaction; between two the writer may checkpoint.
  public static var verifyChunk: Int { 4_096 }
  /// Records that one look at what has grown old goes through.
  public static var ageChunk: Int { 1_024 }
  /// Rows of the allow-list.
  public static var listRows: Int { 2_000_000 }
  /// Bytes of rows after which a block of `list.db` ends.
  public static var listBlockBytes: Int { 1 << 16 }
  /// Bytes of one row of the allow-list.
  public static var listRowBytes: Int { 1 << 16 }
  /// Rows that later versions of the list replaced, kept to explain past decisions; the oldest versions go first.
  public static var listPastRows: Int { 100_000 }
  /// Versions of which such rows are kept.
  public static var listPastVersions: Int { 4_096 }
}
