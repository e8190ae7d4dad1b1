import AccessPolicy
import Messages

/// Records as the `viewer` role sees them: of a card its format and last two digits.
enum CredentialMask {
  static func masked(record: JSONValue) -> JSONValue {
    guard case .object(let members) = record else { return record }
    return .object(
      members.map { key, value in
        guard key == "credential", let text = value.stringValue else { return (key, value) }
        return (key, .string(masked(text)))
      })
  }

  static func masked(_ credential: String) -> String {
    guard credential.hasPrefix("card:") else { return credential }
    return (try? CredentialKey.parse(stored: credential))?.masked ?? "card:****"
  }
}
