/// `up/log`: a stretch of the log, its records verbatim.
public struct UplinkLogBatch: Sendable, Equatable {
  /// Records the gateway no longer has, told before the batch that follows them.
  public struct Gap: Sendable, Equatable {
    public var first: Int64
    public var last: Int64

    public init(first: Int64, last: Int64) {
      self.first = first
      self.last = last
    }
  }

  public var gateway: String
  /// The seq of the first and of the last record; there is no hole between them.
  public var first: Int64
  public var last: Int64
  /// The chain's hash before `first`, 32 bytes.
  public var previous: [UInt8]
  /// What is lost for good directly before `first`.
  public var gap: Gap?
  /// One record's bytes each, as they were encoded once.
  public var records: [[UInt8]]

  public init(gateway: String, first: Int64, previous: [UInt8], gap: Gap? = nil, records: [[UInt8]]) {
    precondition(!records.isEmpty && previous.count == 32)
    self.gateway = gateway
    self.first = first
    last = first + (Int64(records.count) - 1)
    self.previous = previous
    self.gap = gap
    self.records = records
  }

  public func encoded() -> [UInt8] {
    var writer = JSONWriter(capacity: records.reduce(256) { $0 + $1.count + 1 })
    writer.open()
    writer.member("v", 1)
    writer.member("gateway", gateway)
    writer.member("first", first)
    writer.member("last", last)
    writer.member("prev", Hex.text(previous))
    if let gap { writer.member("gap", json: ["first": .integer(gap.first), "last": .integer(gap.last)]) }
    writer.key("records")
    writer.raw("[")
    for (place, record) in records.enumerated() {
      if place > 0 { writer.raw(",") }
      writer.splice(record)
    }
    writer.raw("]")
    writer.close()
    return writer.bytes
  }

  /// Takes a batch apart without decoding its records: what is hashed is what was sent.
  ///
  /// - Throws: ``MessageFault`` where it is not a batch, has too many records, or its count does not fit its seqs.
  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkLogBatch {
    var records: [[UInt8]] = []
    let members = try Members(head(of: payload, records: &records))
    guard try members.integer("v") == 1 else { throw MessageFault("'v' must be 1") }
    let first = try members.count("first")
    let last = try members.count("last")
    guard first >= 1, !records.isEmpty, last >= first, last - first == Int64(records.count) - 1 else {
      throw MessageFault("\(records.count) records do not fill seq \(first) to \(last)")
    }
    var batch = UplinkLogBatch(
      gateway: try members.string("gateway"), first: first, previous: try members.digest("prev"),
      records: records)
    if let value = members["gap"] {
      let gap = try Members(value)
      batch.gap = Gap(first: try gap.count("first"), last: try gap.count("last"))
    }
    return batch
  }

  /// Everything but the records, which are cut out as bytes.
  private static func head(
    of payload: [UInt8], records: inout [[UInt8]]
  ) throws(MessageFault) -> JSONValue {
    guard payload.count <= MessageLimits.payloadBytes else {
      throw MessageFault("longer than \(MessageLimits.payloadBytes) bytes")
    }
    do throws(JSONFault) {
      var members: [(key: String, value: JSONValue)] = []
      var cut: [[UInt8]] = []
      var reader = JSONReader(payload, maximumDepth: MessageLimits.depth)
      try reader.eachMember { (reader, key) throws(JSONFault) in
        guard !members.contains(where: { $0.key == key }), members.count < 32 else {
          throw reader.fault("a key stands twice, or there are too many")
        }
        guard key == "records" else {
          members.append((key, try reader.value()))
          return
        }
        members.append((key, .null))
        reader.position = try cutRecords(payload, from: reader.position, into: &cut)
      }
      try reader.expectEnd()
      records = cut
      return .object(members)
    } catch {
      throw MessageFault(error)
    }
  }

  /// - Returns: the place behind the array.
  private static func cutRecords(
    _ payload: [UInt8], from start: Int, into records: inout [[UInt8]]
  ) throws(JSONFault) -> Int {
    try unsafe payload.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
      var walker = unsafe JSONWalker(bytes, from: start)
      try walker.eachElement { (walker) throws(JSONFault) in
        guard records.count < MessageLimits.batchRecords else { throw walker.fault("too many records") }
        walker.skipSpace()
        let start = walker.position
        try walker.skipValue(depth: MessageLimits.depth)
        unsafe records.append(Array(UnsafeBufferPointer(rebasing: bytes[start..<walker.position])))
      }
      return walker.position
    }
  }
}
