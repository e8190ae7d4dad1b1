public import Journal
public import Messages

extension Collector {
  /// What HQ says to every gateway of its share when it has connected: what it has, and that it would like the rest.
  ///
  /// - Parameter deaf: the connection before was given up because nothing was heard on it. Then the time for which a
  ///   gateway was quiet goes on, or one that is silent would never be told of; it is given some to answer.
  public mutating func greeting(tick: UInt64, deaf: Bool = false) throws(StoreError) -> [Outgoing] {
    let grace = tick + ask / 3
    let heard = deaf ? watches.mapValues { max($0.heardAt, grace - min(grace, silence)) } : [:]
    watches.removeAll()
    return try greetNew(tick: tick, heard: heard)
  }

  /// The members of the estate's collectors have changed: what is said to gateways that were another's before.
  public mutating func share(among members: [String], tick: UInt64) throws(StoreError) -> [Outgoing] {
    guard members != share.members else { return [] }
    share.members = members
    note("collectors at work: \(members.joined(separator: ", "))")
    for gateway in try store.gateways() where !share.owns(gateway.topics) { watches[gateway.id] = nil }
    return try greetNew(tick: tick)
  }

  /// - Parameter heard: since when those that are no strangers were quiet.
  private mutating func greetNew(
    tick: UInt64, heard: [Int64: UInt64] = [:]
  ) throws(StoreError) -> [Outgoing] {
    var outgoing: [Outgoing] = []
    let silent = Set(try store.alarms(open: true, limit: .max).filter { $0.kind == .silent }.map(\.name))
    for gateway in try store.gateways()
    where watches[gateway.id] == nil && !gateway.isRetired && share.owns(gateway.topics) {
      watches[gateway.id] = GatewayWatch(
        heardAt: heard[gateway.id] ?? tick, askedAt: tick, isSilent: silent.contains(gateway.fullName))
      let topics = gateway.topics
      outgoing.append(acknowledgement(topics, gateway.through))
      outgoing.append(pull(topics, after: gateway.through.seq))
      outgoing.append(hello(topics))
    }
    return outgoing
  }

  mutating func hear(
    _ topics: UplinkTopics, newest: Int64 = 0, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) {
    guard let gateway = try store.gateway(site: topics.site, name: topics.gateway) else { return }
    try hear(gateway, newest: newest, now, tick)
  }

  /// It spoke; if it was silent, it is no longer.
  mutating func hear(
    _ gateway: StoredGateway, newest: Int64 = 0, _ now: Int64, _ tick: UInt64
  ) throws(StoreError) {
    var watch = watches[gateway.id] ?? GatewayWatch(heardAt: tick)
    watch.heardAt = tick
    watch.fresh = (min(max(newest, watch.fresh?.newest ?? 0), HQLimits.sequence), now)
    if watch.isSilent || watches[gateway.id] == nil {
      for alarm in try store.end(.silent, of: gateway, at: now, by: "gateway") { tell(alarm) }
      watch.isSilent = false
    }
    watches[gateway.id] = watch
  }

  /// Every few seconds: takes down who was heard, asks those who were quiet, and raises an alarm where that did not help.
  public mutating func look(now: Int64, tick: UInt64) throws(StoreError) -> [Outgoing] {
    var heard: [(id: Int64, newest: Int64, at: Int64)] = []
    for (id, watch) in watches {
      if let fresh = watch.fresh { heard.append((id, fresh.newest, fresh.at)) }
      watches[id]?.fresh = nil
    }
    try store.touch(heard)
    let quiet = watches.filter { tick >= $0.value.heardAt + ask }
    guard !quiet.isEmpty else { return [] }
    var outgoing: [Outgoing] = []
    for gateway in try store.gateways() {
      guard var watch = quiet[gateway.id] else { continue }
      if tick >= watch.heardAt + silence, !watch.isSilent {
        let since = Timestamp(milliseconds: gateway.seenAt)
        let text = gateway.seenAt > 0 ? "nothing heard since \(since)" : "nothing heard"
        if let alarm = try store.raise(.silent, text, of: gateway, at: now) { tell(alarm) }
        watch.isSilent = true
      }
      if tick >= (watch.askedAt ?? 0) + ask {
        outgoing.append(hello(gateway.topics))
        watch.askedAt = tick
      }
      watches[gateway.id] = watch
    }
    return outgoing
  }
}

extension StoredGateway {
  /// The topics that it and HQ speak on.
  public var topics: UplinkTopics { UplinkTopics(site: site, gateway: name) }
}
