import Journal

extension HQStore {
  /// `PRAGMA application_id`: "GhH1".
  private static var application: Int64 { 0x4768_4831 }
  /// `PRAGMA user_version`. 0 knew records without their columns, no alarms, publications and collectors.
  private static var version: Int64 { 1 }

  func checkSchema() throws(StoreError) {
    guard try database.integer("PRAGMA application_id") == Self.application else {
      throw StoreError(kind: .damaged, text: "not a store of gatehouse-hq", during: "open \(database.path)")
    }
    let version = try database.integer("PRAGMA user_version") ?? 0
    guard version == Self.version else {
      let why =
        version > Self.version
        ? "a newer gatehouse-hq wrote it" : "an older gatehouse-hq wrote it; 'serve' brings it up to date"
      throw StoreError(kind: .refused, text: why, during: "open \(database.path)")
    }
  }

  /// Makes what is not there, and brings a store of an older version up to this one.
  func prepareSchema() throws(StoreError) {
    if try database.integer("SELECT count(*) FROM sqlite_schema") == 0 {
      try database.transaction { () throws(StoreError) in
        try database.execute(Self.first)
        try database.execute(Self.second)
      }
      return
    }
    guard try database.integer("PRAGMA application_id") == Self.application,
      try database.integer("PRAGMA user_version") == 0
    else { return }
    try database.transaction { () throws(StoreError) in
      try database.execute(Self.second)
      try fillColumns()
    }
  }

  private static var first: String {
    """
    CREATE TABLE gateway(id INTEGER PRIMARY KEY, site TEXT NOT NULL, name TEXT NOT NULL, boot INTEGER NOT NULL,
      list INTEGER NOT NULL, challenge TEXT NOT NULL, through INTEGER NOT NULL, hash BLOB NOT NULL,
      seen_at INTEGER NOT NULL, connected INTEGER NOT NULL, fault TEXT, UNIQUE(site, name));
    CREATE TABLE record(gateway INTEGER NOT NULL, seq INTEGER NOT NULL, hash BLOB NOT NULL, record BLOB NOT NULL,
      PRIMARY KEY(gateway, seq)) WITHOUT ROWID;
    CREATE TABLE gap(gateway INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash BLOB NOT NULL,
      PRIMARY KEY(gateway, first)) WITHOUT ROWID;
    PRAGMA application_id = \(application);
    """
  }

  /// Times are milliseconds since 1970. A record's columns repeat what its bytes say, for questions; NULL where it says
  /// nothing, or was redacted. `stored_at` is NULL where it was stored by version 0.
  private static var second: String {
    """
    ALTER TABLE gateway ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE gateway ADD COLUMN complete_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE record ADD COLUMN stored_at INTEGER;
    ALTER TABLE record ADD COLUMN at INTEGER;
    ALTER TABLE record ADD COLUMN type TEXT;
    ALTER TABLE record ADD COLUMN point TEXT;
    ALTER TABLE record ADD COLUMN decision TEXT;
    ALTER TABLE record ADD COLUMN reason TEXT;
    ALTER TABLE record ADD COLUMN event TEXT;
    ALTER TABLE record ADD COLUMN amount INTEGER;
    ALTER TABLE gap ADD COLUMN told_at INTEGER;
    CREATE TABLE alarm(id INTEGER PRIMARY KEY, gateway INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
      raised_at INTEGER NOT NULL, last_at INTEGER NOT NULL, count INTEGER NOT NULL, ended_at INTEGER, ended_by TEXT);
    CREATE UNIQUE INDEX alarm_open ON alarm(gateway, kind) WHERE ended_at IS NULL;
    CREATE TABLE publication(id TEXT NOT NULL, gateway INTEGER NOT NULL, version INTEGER NOT NULL, base INTEGER,
      digest BLOB NOT NULL, sent_at INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, ended_at INTEGER,
      PRIMARY KEY(gateway, id)) WITHOUT ROWID;
    CREATE TABLE collector(slot INTEGER PRIMARY KEY, name TEXT NOT NULL, beat_at INTEGER NOT NULL,
      connected INTEGER NOT NULL, started_at INTEGER NOT NULL);
    PRAGMA user_version = \(version);
    """
  }

  /// Reads the columns of version 0's records from their bytes.
  private func fillColumns() throws(StoreError) {
    let update = try database.prepare(
      """
      UPDATE record SET at = ?, type = ?, point = ?, decision = ?, reason = ?, event = ?, amount = ?
      WHERE gateway = ? AND seq = ?
      """)
    var place: (gateway: Int64, seq: Int64) = (0, 0)
    let next = try database.prepare(
      "SELECT gateway, seq, record FROM record WHERE (gateway, seq) > (?, ?) ORDER BY gateway, seq LIMIT 1000"
    )
    while true {
      try next.bind(1, place.gateway)
      try next.bind(2, place.seq)
      var found: [(gateway: Int64, seq: Int64, bytes: [UInt8])] = []
      while try next.step() { found.append((next.integer(0), next.integer(1), next.bytes(2))) }
      guard let last = found.last else { return }
      for row in found {
        try RecordFacts(row.bytes).bind(to: update, from: 1)
        try update.bind(8, row.gateway)
        try update.bind(9, row.seq)
        try update.run()
      }
      place = (last.gateway, last.seq)
    }
  }
}
