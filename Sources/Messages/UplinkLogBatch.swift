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
  /// What the records lie in.
  public private(set) var bytes: [UInt8]
  /// Where each record stands in ``bytes``.
  public private(set) var places: [Range<Int>]
  /// What the records say of themselves, where they were read when the batch was taken apart.
  private var marks: [RecordMark] = []

  public init(gateway: String, first: Int64, previous: [UInt8], gap: Gap? = nil, records: [[UInt8]]) {
    self.init(
      gateway: gateway, first: first, previous: previous, gap: gap, bytes: [], places: [],
      count: records.count)
    self.records = records
  }

  /// - Parameters:
  ///   - bytes: what the records lie in.
  ///   - places: where in it, one record after the other.
  public init(
    gateway: String, first: Int64, previous: [UInt8], gap: Gap? = nil, bytes: [UInt8], places: [Range<Int>]
  ) {
    self.init(
      gateway: gateway, first: first, previous: previous, gap: gap, bytes: bytes, places: places,
      count: places.count)
  }

  private init(
    gateway: String, first: Int64, previous: [UInt8], gap: Gap?, bytes: [UInt8], places: [Range<Int>],
    count: Int
  ) {
    precondition(count > 0 && previous.count == 32)
    self.gateway = gateway
    self.first = first
    last = first + (Int64(count) - 1)
    self.previous = previous
    self.gap = gap
    self.bytes = bytes
    self.places = places
  }

  /// One record's bytes each, as they were encoded once.
  public var records: [[UInt8]] {
    get { places.map { Array(bytes[$0]) } }
    set {
      marks = []
      bytes = []
      places = newValue.map { record in
        bytes += record
        return bytes.count - record.count..<bytes.count
      }
    }
  }

  /// What the record at a place says of itself.
  ///
  /// - Throws: ``MessageFault`` where it is none.
  public func mark(_ place: Int) throws(MessageFault) -> RecordMark {
    marks.isEmpty ? try RecordMark(bytes, at: places[place]) : marks[place]
  }

  public static func == (left: UplinkLogBatch, right: UplinkLogBatch) -> Bool {
    left.gateway == right.gateway && left.first == right.first && left.last == right.last
      && left.previous == right.previous && left.gap == right.gap && left.records == right.records
  }

  public func encoded() -> [UInt8] {
    var writer = JSONWriter(capacity: places.reduce(256) { $0 + $1.count + 1 })
    writer.open()
    writer.member("v", 1)
    writer.member("gateway", gateway)
    writer.member("first", first)
    writer.member("last", last)
    writer.member("prev", Hex.text(previous))
    if let gap { writer.member("gap", json: ["first": .integer(gap.first), "last": .integer(gap.last)]) }
    writer.key("records")
    writer.raw("[")
    for (number, place) in places.enumerated() {
      if number > 0 { writer.raw(",") }
      writer.splice(bytes[place])
    }
    writer.raw("]")
    writer.close()
    return writer.bytes
  }

  /// Takes a batch apart without decoding its records: what is hashed is what was sent.
  ///
  /// - Throws: ``MessageFault`` where it is not a batch, has too many records, or its count does not fit its seqs.
  public static func parse(_ payload: [UInt8]) throws(MessageFault) -> UplinkLogBatch {
    var cut = CutRecords()
    let members = try Members(head(of: payload, cut: &cut))
    guard try members.integer("v") == 1 else { throw MessageFault("'v' must be 1") }
    let first = try members.count("first")
    let last = try members.count("last")
    guard first >= 1, !cut.places.isEmpty, last >= first, last - first == Int64(cut.places.count) - 1 else {
      throw MessageFault("\(cut.places.count) records do not fill seq \(first) to \(last)")
    }
    var batch = UplinkLogBatch(
      gateway: try members.string("gateway"), first: first, previous: try members.digest("prev"),
      bytes: payload, places: cut.places)
    batch.marks = cut.marks
    if let value = members["gap"] {
      let gap = try Members(value)
      batch.gap = Gap(first: try gap.count("first"), last: try gap.count("last"))
    }
    return batch
  }

  /// Everything but the records, whose places are noted.
  private static func head(of payload: [UInt8], cut: inout CutRecords) throws(MessageFault) -> JSONValue {
    guard payload.count <= MessageLimits.payloadBytes else {
      throw MessageFault("longer than \(MessageLimits.payloadBytes) bytes")
    }
    do throws(JSONFault) {
      var members: [(key: String, value: JSONValue)] = []
      var found = CutRecords()
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
        reader.position = try found.read(payload, from: reader.position)
      }
      try reader.expectEnd()
      cut = found
      return .object(members)
    } catch {
      throw MessageFault(error)
    }
  }
}

/// The records of a batch where they stand in its payload: walked over once.
private struct CutRecords {
  var places: [Range<Int>] = []
  /// Empty where one of them says nothing of itself: who stores them finds out which.
  var marks: [RecordMark] = []

  /// - Returns: the place behind the array.
  mutating func read(_ payload: [UInt8], from start: Int) throws(JSONFault) -> Int {
    var areRecords = true
    let end = try unsafe payload.withUnsafeBufferPointer { (bytes) throws(JSONFault) in
      var walker = unsafe JSONWalker(bytes, from: start)
      try walker.eachElement { (walker) throws(JSONFault) in
        guard places.count < MessageLimits.batchRecords else { throw walker.fault("too many records") }
        walker.skipSpace()
        let start = walker.position
        var ahead = walker
        if areRecords, let mark = try? RecordMark(&ahead) {
          marks.append(mark)
          walker = ahead
        } else {
          areRecords = false
          try walker.skipValue(depth: MessageLimits.depth)
        }
        places.append(start..<walker.position)
      }
      return walker.position
    }
    if !areRecords { marks = [] }
    return end
  }
}
