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

  /// - Returns: 0 where every gateway has it, 1 where one refused it, 3 where one did not answer.
  func run(to gateways: [StoredGateway], version given: Int64?) throws -> Int32 {
    let digest = Digest.of(csv)
    let (having, needing) = try split(gateways, digest, given)
    for (gateway, publication) in having { say(gateway, publication) }
    guard !needing.isEmpty else { return 0 }
    let highest = gateways.map(\.list).max() ?? 0
    let joined = having.map(\.1.version).max().flatMap { have in
      needing.allSatisfy { $0.list < have } ? have : nil
    }
    let version = given ?? joined ?? highest + 1
    let changes = base.flatMap { ListChanges(from: $0, to: csv) }
    let based = try needing.filter { gateway throws in
      guard changes != nil, let base else { return false }
      return try store.listInForce(gateway) == Digest.of(base)
    }
    let whole = needing.filter { gateway in !based.contains(gateway) }
    var refused: [StoredGateway] = []
    var worst = try send(changes?.csv ?? csv, digest, based, version, asChanges: true) { gateway in
      refused.append(gateway)
      return true
    }
    let second = try send(csv, digest, whole + refused, version, asChanges: merges) { _ in false }
    worst = Self.worse(worst, second)
    return worst
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
    _ rows: [UInt8], _ digest: [UInt8], _ gateways: [StoredGateway], _ version: Int64, asChanges: Bool,
    again: (StoredGateway) -> Bool
  ) throws -> Int32 {
    guard !gateways.isEmpty else { return 0 }
    let now = WallClock.milliseconds()
    let id = "list-\(now)-\(ForkedProcess.own)\(asChanges ? "-d" : "")"
    var payloads: [Int64?: [[UInt8]]] = [:]
    var tellings: [EstateRequest.Telling] = []
    var known: [UplinkTopics: (gateway: StoredGateway, what: StoredPublication)] = [:]
    for gateway in gateways {
      let base = asChanges ? gateway.list : nil
      let parts =
        try payloads[base]
        ?? ListPublication(csv: rows, version: version, base: base, id: id, key: key).payloads
      payloads[base] = parts
      tellings.append(
        .init(
          topics: gateway.topics, id: id, payloads: parts, version: gateway.list < version ? version : nil))
      known[gateway.topics] = (
        gateway,
        StoredPublication(
          id: id, version: version, base: base, digest: digest, sentAt: now, state: .sent)
      )
    }
    try store.begin(gateways.compactMap { known[$0.topics] }, payloads: payloads)
    var code: Int32 = 0
    try request.send(tellings) { telling, answer throws in
      guard var (gateway, what) = known[telling.topics] else { return }
      switch answer {
      case .done: what.state = .applied
      case .refused(let why): (what.state, what.reason) = (.refused, why)
      case .silent: what.state = .silent
      }
      what.endedAt = WallClock.milliseconds()
      try store.end(id, of: gateway, what.state, reason: what.reason, at: what.endedAt ?? now)
      if what.state == .refused, again(gateway) { return }
      gateway.list = version
      say(gateway, what)
      code = Self.worse(code, what.state == .applied ? 0 : what.state == .refused ? 1 : 3)
    }
    return code
  }
}
