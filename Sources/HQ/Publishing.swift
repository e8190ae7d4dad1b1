import Broker
import Journal
import Messages
import Platform

/// One list on its way to gateways: who needs it, as what version, whole or as changes; and what each said.
struct Publishing {
  let store: HQStore
  let key: SigningKey
  let csv: [UInt8]
  /// What the gateways may have in force already; nil: the whole list is sent.
  let base: [UInt8]?
  /// The CSV holds nothing but changes.
  let merges: Bool
  let request: EstateRequest
  let say: (StoredGateway, StoredPublication) -> Void

  /// A gateway that needs the list, and the version that it gets it as.
  private typealias Goal = (gateway: StoredGateway, version: Int64)

  /// - Parameter given: the version for all of them; nil: each gateway's next.
  /// - Returns: 0 where every gateway has it, 1 where one refused it, 3 where one did not answer.
  func run(to gateways: [StoredGateway], version given: Int64?) throws -> Int32 {
    let digest = Digest.of(csv)
    // Somebody may have imported a list at the gateway: what it said last does not tell what it has now.
    let births = try request.greet(
      gateways.map(\.topics), milliseconds: min(request.milliseconds, HQLimits.greetingMilliseconds))
    let gateways = gateways.map { gateway in
      var gateway = gateway
      gateway.list = births[gateway.topics]?.list ?? gateway.list
      return gateway
    }
    let (having, needing) = try split(gateways, digest, given)
    var worst: Int32 = 0
    for (gateway, publication) in having {
      var publication = publication
      if births[gateway.topics] == nil {
        publication.reason = "as it said last; it does not answer now"
        worst = 3
      }
      say(gateway, publication)
    }
    var goals: [Goal] = []
    for gateway in needing {
      let version = try given ?? store.nextVersion(gateway)
      if version <= MessageLimits.listVersion {
        goals.append((gateway, version))
      } else {
        sayFull(gateway, digest)
        worst = 1
      }
    }
    let changes = base.flatMap { ListChanges(from: $0, to: csv) }
    let based = try goals.filter { goal throws in
      guard changes != nil, let base else { return false }
      return try store.listInForce(goal.gateway) == Digest.of(base)
    }
    let ids = Set(based.map(\.gateway.id))
    let whole = goals.filter { !ids.contains($0.gateway.id) }
    var refused: [Goal] = []
    worst = Self.worse(
      worst,
      try send(changes?.csv ?? csv, digest, based, births, asChanges: true) { goal in
        refused.append(goal)
        return true
      })
    return Self.worse(worst, try send(csv, digest, whole + refused, births, asChanges: merges) { _ in false })
  }

  /// What it has cannot be followed by anything.
  private func sayFull(_ gateway: StoredGateway, _ digest: [UInt8]) {
    let now = WallClock.milliseconds()
    say(
      gateway,
      StoredPublication(
        id: "", version: gateway.list, digest: digest, sentAt: now, state: .refused,
        reason:
          "version \(gateway.list) is in force there, and none can be higher than \(MessageLimits.listVersion): "
          + "remove the list at the gateway (list.db and list.image in its state directory) and publish again",
        endedAt: now))
  }

  private static func worse(_ left: Int32, _ right: Int32) -> Int32 {
    left == 1 || right == 1 ? 1 : max(left, right)
  }

  /// Those that have this very list in force, and the others. A version that is given is for all.
  private func split(
    _ gateways: [StoredGateway], _ digest: [UInt8], _ given: Int64?
  ) throws(StoreError) -> (having: [(StoredGateway, StoredPublication)], needing: [StoredGateway]) {
    var having: [(StoredGateway, StoredPublication)] = []
    var needing: [StoredGateway] = []
    for gateway in gateways {
      let newest = try store.publications(of: gateway).first {
        $0.state == .applied && $0.version == gateway.list && $0.digest == digest
      }
      if let newest, given == nil, !merges {
        having.append((gateway, newest))
      } else {
        needing.append(gateway)
      }
    }
    return (having, needing)
  }

  /// - Parameter again: asked about each refusal; true: it is sent once more in another way, and is no answer yet.
  private func send(
    _ rows: [UInt8], _ digest: [UInt8], _ goals: [Goal], _ births: [UplinkTopics: UplinkBirth],
    asChanges: Bool, again: (Goal) -> Bool
  ) throws -> Int32 {
    guard !goals.isEmpty else { return 0 }
    let now = WallClock.milliseconds()
    let id = "list-\(now)-\(ForkedProcess.own)\(asChanges ? "-d" : "")"
    let list = try ListPublication(csv: rows, id: id)
    var tellings: [EstateRequest.Telling] = []
    var known: [UplinkTopics: (goal: Goal, what: StoredPublication, signatures: [UInt8])] = [:]
    for goal in goals {
      let (gateway, version) = goal
      let signed = list.signed(
        for: gateway.topics, version: version, base: asChanges ? gateway.list : nil, key: key)
      tellings.append(
        .init(
          topics: gateway.topics, id: id, parts: signed.count, bytes: signed.bytes,
          version: gateway.list < version ? version : nil, connection: births[gateway.topics]?.connection,
          payload: signed.payload))
      let what = StoredPublication(
        id: id, version: version, base: signed.base, digest: digest, sentAt: now, state: .sent)
      known[gateway.topics] = (goal, what, signed.signatures)
    }
    try store.begin(known.values.map { ($0.goal.gateway, $0.what, $0.signatures) }, list)
    var code: Int32 = 0
    try request.send(tellings) { telling, answer throws in
      guard var (goal, what, _) = known[telling.topics] else { return }
      switch answer {
      case .done: what.state = .applied
      case .refused(let why): (what.state, what.reason) = (.refused, why)
      case .silent: what.state = .silent
      }
      what.endedAt = WallClock.milliseconds()
      try store.end(id, of: goal.gateway, what.state, reason: what.reason, at: what.endedAt ?? now)
      if what.state == .refused, again(goal) { return }
      if what.state == .applied { goal.gateway.list = goal.version }
      say(goal.gateway, what)
      code = Self.worse(code, what.state == .applied ? 0 : what.state == .refused ? 1 : 3)
    }
    return code
  }
}
