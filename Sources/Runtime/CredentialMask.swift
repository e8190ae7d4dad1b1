import AccessPolicy
import Messages

/// Records as the `viewer` role sees them: of a card its format and last two digits.
enum CredentialMask {
  /// Wherever a card stands in it: also with whom somebody passed, or what a person ordered.
  static func masked(record: JSONValue) -> JSONValue {
    switch record {
    case .object(let members): .object(members.map { (key: $0.key, value: masked(record: $0.value)) })
    case .array(let elements): .array(elements.map { masked(record: $0) })
    case .string(let text): .string(masked(text))
    default: record
    }
  }

  static func masked(_ credential: String) -> String {
    guard credential.hasPrefix("card:") else { return credential }
    return (try? CredentialKey.parse(stored: credential))?.masked ?? "card:****"
  }
}
