import Journal
import Messages

extension StoreView {
  /// `list status [GATEWAY]`: what became of the newest list of each gateway; exit code 1 where one is not in force.
  func lists(_ name: String?) throws -> Int32 {
    var everywhere = true
    for gateway in try name.map({ [try self.gateway($0)] }) ?? selected() where !gateway.isRetired {
      guard let newest = try store.publications(of: gateway).first else {
        if !json { print("\(gateway.fullName): version \(gateway.list), none sent from here") }
        continue
      }
      if newest.state != .applied { everywhere = false }
      Self.say(gateway, newest, json: json)
    }
    return everywhere ? 0 : 1
  }

  static func say(_ gateway: StoredGateway, _ what: StoredPublication, json: Bool) {
    if json {
      print(
        JSONValue.object([
          ("site", .string(gateway.site)), ("gateway", .string(gateway.name)),
          ("version", .integer(what.version)), ("base", what.base.map { .integer($0) } ?? .null),
          ("state", .string(what.state.rawValue)), ("reason", what.reason.map { .string($0) } ?? .null),
          ("sent_at", .string(Timestamp(milliseconds: what.sentAt).description)),
          ("sha256", .string(Hex.text(what.digest))), ("in_force", .integer(gateway.list)),
        ]).text)
      return
    }
    let kind = what.base.map { "changes to version \($0)" } ?? "whole"
    let state =
      switch what.state {
      case .sent: "on its way"
      case .applied: "version \(what.version) is in force"
      case .refused: "REFUSED"
      case .silent: "no answer: it is sent the list when it is there again"
      }
    print("\(gateway.fullName): version \(what.version), \(kind): \(state)")
    if let reason = what.reason { print("  \(reason)") }
  }
}
