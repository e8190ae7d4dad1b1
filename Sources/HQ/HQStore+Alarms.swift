public import Journal

extension HQStore {
  /// Raises an alarm, or counts it once more where it is open.
  ///
  /// - Returns: the alarm where it was not open before.
  public func raise(
    _ kind: Alarm.Kind, _ text: String, of gateway: StoredGateway, at now: Int64
  ) throws(StoreError) -> Alarm? {
    let (alarm, isNew) = try write { () throws(StoreError) in try insertAlarm(kind, text, gateway, now) }
    return isNew ? alarm : nil
  }

  /// Ends what is open of the gateway and of that kind, or of every kind.
  ///
  /// - Returns: the alarms that were open.
  public func end(
    _ kind: Alarm.Kind?, of gateway: StoredGateway, at now: Int64, by person: String
  ) throws(StoreError) -> [Alarm] {
    let open = try alarms(of: gateway, open: true, limit: .max).filter { kind == nil || $0.kind == kind }
    guard !open.isEmpty else { return [] }
    try write { () throws(StoreError) in
      let update = try database.prepare("UPDATE alarm SET ended_at = ?, ended_by = ? WHERE id = ?")
      for alarm in open {
        try update.bind(1, now)
        try update.bind(2, person)
        try update.bind(3, alarm.id)
        try update.run()
      }
    }
    return open.map { alarm in
      var ended = alarm
      ended.endedAt = now
      ended.endedBy = person
      return ended
    }
  }

  /// Ends what a record before that seq has raised. Within a transaction.
  func endAlarm(
    _ kind: Alarm.Kind, _ about: String, _ gateway: StoredGateway, before seq: Int64, _ now: Int64
  ) throws(StoreError) -> [Alarm] {
    let open = try alarms(of: gateway, open: true, limit: .max).first { $0.kind == kind && $0.about == about }
    guard var alarm = open else { return [] }
    let update = try statement(
      "UPDATE alarm SET ended_at = ?, ended_by = 'gateway' WHERE id = ? AND seq < ?")
    try update.bind(1, now)
    try update.bind(2, alarm.id)
    try update.bind(3, seq)
    try update.run()
    guard try database.integer("SELECT changes()") != 0 else { return [] }
    alarm.endedAt = now
    alarm.endedBy = "gateway"
    return [alarm]
  }

  /// Within a transaction.
  ///
  /// - Parameters:
  ///   - about: the point, reader, input or plan; empty: the gateway.
  ///   - seq: of the record that tells it; 0: none does.
  func insertAlarm(
    _ kind: Alarm.Kind, _ text: String, _ gateway: StoredGateway, _ now: Int64, about: String = "",
    seq: Int64 = 0
  ) throws(StoreError) -> (alarm: Alarm, isNew: Bool) {
    let text = PlainText.of(String(text.prefix(HQLimits.alarmCharacters)))
    let about = try bounded(about, kind, gateway)
    let update = try statement(
      """
      UPDATE alarm SET text = ?, last_at = ?, count = count + 1, seq = max(seq, ?)
      WHERE gateway = ? AND kind = ? AND about = ? AND ended_at IS NULL
      """)
    try update.bind(1, text)
    try update.bind(2, now)
    try update.bind(3, seq)
    try update.bind(4, gateway.id)
    try update.bind(5, kind.rawValue)
    try update.bind(6, about)
    try update.run()
    let isNew = try database.integer("SELECT changes()") == 0
    if isNew {
      let insert = try database.prepare(
        """
        INSERT INTO alarm(gateway, kind, text, raised_at, last_at, about, seq, count)
        VALUES(?, ?, ?, ?, ?, ?, ?, 1)
        """)
      try insert.bind(1, gateway.id)
      try insert.bind(2, kind.rawValue)
      try insert.bind(3, text)
      try insert.bind(4, now)
      try insert.bind(5, now)
      try insert.bind(6, about)
      try insert.bind(7, seq)
      try insert.run()
    }
    let open = try alarms(of: gateway, open: true, limit: .max)
    guard let alarm = open.first(where: { $0.kind == kind && $0.about == about }) else {
      throw StoreError(kind: .other, text: "an alarm just stored is not there", during: "raise an alarm")
    }
    return (alarm, isNew)
  }

  /// A gateway that names ever new points does not get ever more alarms.
  private func bounded(
    _ about: String, _ kind: Alarm.Kind, _ gateway: StoredGateway
  ) throws(StoreError) -> String {
    guard !about.isEmpty else { return about }
    let find = try statement(
      "SELECT count(*), sum(about = ?3) FROM alarm WHERE gateway = ?1 AND kind = ?2 AND ended_at IS NULL")
    defer { find.reset() }
    try find.bind(1, gateway.id)
    try find.bind(2, kind.rawValue)
    try find.bind(3, about)
    guard try find.step() else { return about }
    return find.integer(0) < HQLimits.alarmsAbout || find.integer(1) > 0 ? about : ""
  }

  /// The newest first.
  public func alarms(
    of gateway: StoredGateway? = nil, open: Bool, limit: Int64 = 1_000
  ) throws(StoreError) -> [Alarm] {
    let rows = try database.prepare(
      """
      SELECT a.id, g.site, g.name, a.kind, a.text, a.raised_at, a.last_at, a.count, a.ended_at, a.ended_by,
        a.about
      FROM alarm a JOIN gateway g ON g.id = a.gateway
      WHERE (?1 IS NULL OR a.gateway = ?1) AND (?2 = 0 OR a.ended_at IS NULL) ORDER BY a.id DESC LIMIT ?3
      """)
    try rows.bind(1, gateway?.id)
    try rows.bind(2, open ? 1 : 0)
    try rows.bind(3, limit)
    var alarms: [Alarm] = []
    while try rows.step() {
      guard let kind = Alarm.Kind(rawValue: rows.text(3)) else { continue }
      alarms.append(
        Alarm(
          id: rows.integer(0), site: rows.text(1), gateway: rows.text(2), kind: kind, about: rows.text(10),
          text: rows.text(4),
          raisedAt: rows.integer(5), lastAt: rows.integer(6), count: rows.integer(7),
          endedAt: rows.optionalInteger(8), endedBy: rows.isNull(9) ? nil : rows.text(9)))
    }
    return alarms
  }
}
