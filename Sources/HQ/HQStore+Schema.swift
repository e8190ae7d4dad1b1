import Journal

extension HQStore {
  /// `PRAGMA application_id`: "GhH1".
  private static var application: Int64 { 0x4768_4831 }
  /// `PRAGMA user_version`. 0 knew no alarms, publications and collectors; 0 and 1 had records in a table by gateway and
  /// seq, 1 with what questions ask for in columns beside them; 2 knew one alarm of a kind.
  private static var version: Int64 { 3 }

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
        try database.execute(Self.gateways)
        try database.execute(Self.second)
        try database.execute(Self.third)
        try database.execute(Self.fourth)
      }
      return
    }
    guard try database.integer("PRAGMA application_id") == Self.application,
      let found = try database.integer("PRAGMA user_version"), found < Self.version
    else { return }
    try database.transaction { () throws(StoreError) in
      if found == 0 {
        try database.execute(Self.second)
        try database.execute("ALTER TABLE record ADD COLUMN stored_at INTEGER")
      }
      if found < 2 { try moveRecords() }
      try database.execute(Self.fourth)
    }
  }

  private func moveRecords() throws(StoreError) {
    try database.execute("ALTER TABLE record RENAME TO record_before")
    try database.execute(Self.third)
    try database.execute(
      """
      INSERT INTO entry(id, hash, record, stored_at)
        SELECT gateway << \(RecordKey.seqBits) | seq, hash, record, stored_at FROM record_before
        ORDER BY gateway, seq;
      DROP TABLE record_before;
      """)
  }

  private static var gateways: String {
    """
    CREATE TABLE gateway(id INTEGER PRIMARY KEY, site TEXT NOT NULL, name TEXT NOT NULL, boot INTEGER NOT NULL,
      list INTEGER NOT NULL, challenge TEXT NOT NULL, through INTEGER NOT NULL, hash BLOB NOT NULL,
      seen_at INTEGER NOT NULL, connected INTEGER NOT NULL, fault TEXT, UNIQUE(site, name));
    CREATE TABLE gap(gateway INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, hash BLOB NOT NULL,
      PRIMARY KEY(gateway, first)) WITHOUT ROWID;
    PRAGMA application_id = \(application);
    """
  }

  /// Times are milliseconds since 1970.
  private static var second: String {
    """
    ALTER TABLE gateway ADD COLUMN last INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE gateway ADD COLUMN complete_at INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE gap ADD COLUMN told_at INTEGER;
    CREATE TABLE alarm(id INTEGER PRIMARY KEY, gateway INTEGER NOT NULL, kind TEXT NOT NULL, text TEXT NOT NULL,
      raised_at INTEGER NOT NULL, last_at INTEGER NOT NULL, count INTEGER NOT NULL, ended_at INTEGER, ended_by TEXT);
    CREATE UNIQUE INDEX alarm_open ON alarm(gateway, kind) WHERE ended_at IS NULL;
    CREATE TABLE publication(id TEXT NOT NULL, gateway INTEGER NOT NULL, version INTEGER NOT NULL, base INTEGER,
      digest BLOB NOT NULL, sent_at INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT, ended_at INTEGER,
      PRIMARY KEY(gateway, id)) WITHOUT ROWID;
    CREATE TABLE collector(slot INTEGER PRIMARY KEY, name TEXT NOT NULL, beat_at INTEGER NOT NULL,
      connected INTEGER NOT NULL, started_at INTEGER NOT NULL);
    """
  }

  /// `id` is a ``RecordKey``; `stored_at` is NULL where version 0 stored it. The view is for who looks into the file
  /// with other programs: its columns are read from the record's bytes, and are NULL where these say nothing.
  private static var third: String {
    """
    ALTER TABLE gateway ADD COLUMN urgent INTEGER NOT NULL DEFAULT 0;
    CREATE TABLE parcel(list TEXT NOT NULL, base INTEGER NOT NULL, part INTEGER NOT NULL, payload BLOB NOT NULL,
      UNIQUE(list, base, part));
    CREATE TABLE entry(id INTEGER PRIMARY KEY, hash BLOB NOT NULL, record BLOB NOT NULL, stored_at INTEGER);
    CREATE VIEW record AS SELECT gateway, seq, hash, record, stored_at,
      CAST(strftime('%s', moment) AS INTEGER) * 1000 + CAST(substr(strftime('%f', moment), 4) AS INTEGER) AS at,
      json_extract(line, '$.type') AS type, json_extract(line, '$.point') AS point,
      json_extract(line, '$.decision') AS decision, json_extract(line, '$.reason') AS reason,
      json_extract(line, '$.detail.event') AS event,
      coalesce(json_extract(line, '$.detail.ms'), json_extract(line, '$.detail.count')) AS amount
      FROM (SELECT *, json_extract(line, '$.at') AS moment FROM (
        SELECT id >> \(RecordKey.seqBits) AS gateway, id & \(HQLimits.sequence) AS seq, hash, record, stored_at,
          CASE WHEN json_valid(CAST(record AS TEXT)) THEN CAST(record AS TEXT) END AS line FROM entry));
    """
  }

  /// `said_last` is what the last birth said; `told` holds the keys of records that were told ahead of the log.
  /// `urgent` was the newest emergency among those.
  private static var fourth: String {
    """
    CREATE TABLE told(id INTEGER PRIMARY KEY);
    INSERT INTO told SELECT id << \(RecordKey.seqBits) | urgent FROM gateway WHERE urgent > through;
    ALTER TABLE gateway DROP COLUMN urgent;
    ALTER TABLE gateway ADD COLUMN said_last INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE alarm ADD COLUMN about TEXT NOT NULL DEFAULT '';
    ALTER TABLE alarm ADD COLUMN seq INTEGER NOT NULL DEFAULT 0;
    DROP INDEX alarm_open;
    CREATE UNIQUE INDEX alarm_open ON alarm(gateway, kind, about) WHERE ended_at IS NULL;
    PRAGMA user_version = \(version);
    """
  }
}
