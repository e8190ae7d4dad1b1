import Journal
import Messages

/// What was sent of a list to one gateway that had been away.
struct SentList {
  var id: String
  var missing: Int
  var tries = 0
  /// Milliseconds of a clock that never jumps.
  var at: UInt64
}

extension Collector {
  /// A gateway that was away when a list went out has an older one: it is sent the list now, some parts at a time. Its
  /// next birth says which are missing still.
  mutating func sendWaitingList(
    _ birth: UplinkBirth, _ gateway: StoredGateway, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) -> [Outgoing] {
    guard let list = try store.waitingList(gateway, at: now), list.version > birth.list else { return [] }
    var parts = Array(1...list.parts)
    if let arriving = birth.arriving, arriving.id == list.id {
      let missing = Set(arriving.missing)
      parts = parts.filter { missing.contains($0) }
    }
    var sent = SentList(id: list.id, missing: parts.count, at: tick)
    if let last = watches[gateway.id]?.list, last.id == list.id, parts.count >= last.missing {
      guard last.tries < HQLimits.listTries, tick >= last.at + HQLimits.listMilliseconds else { return [] }
      sent.tries = last.tries + 1
    }
    watches[gateway.id]?.list = sent
    if sent.tries == 0, Int64(parts.count) == list.parts {
      note("\(gateway.fullName) has list \(birth.list): version \(list.version) is sent again")
    }
    var outgoing: [Outgoing] = []
    for part in parts.prefix(HQLimits.partsAtOnce) {
      guard let payload = try store.parcel(part, of: list) else { return [] }
      outgoing.append(Outgoing(topic: gateway.topics.name(.list), payload: payload))
    }
    // What is behind these is asked for when they have arrived.
    if parts.count > HQLimits.partsAtOnce { outgoing.append(hello(gateway.topics)) }
    return outgoing
  }
}
