/// Why a decision came out as it did: BACnet's access-event names (ISO 16484-5), and one of ours.
public enum Reason: UInt8, Sendable, CaseIterable {
  case granted, duress
  case deniedUnknownCredential, deniedPointNoAccessRights, deniedOutOfTimeRange
  case deniedCredentialNotYetActive, deniedCredentialExpired, deniedCredentialManualDisable
  case deniedCredentialMaxUses, deniedPassback, deniedUpperOccupancyLimit, deniedLockout
  case deniedAuthenticationFactorError, deniedAuthenticationUnavailable, deniedVerificationTimeout
  case deniedNoAccompaniment, deniedThreatLevel
  case outOfService, noEntryAfterGrant, passbackDetected, muster
  case deniedInterlock
  case deniedCredentialDisabled, verificationRequired, authorizationDelayed, lockoutMaxAttempts

  /// The name as it stands in records and replies.
  public var name: String {
    switch self {
    case .granted: "granted"
    case .duress: "duress"
    case .deniedUnknownCredential: "denied-unknown-credential"
    case .deniedPointNoAccessRights: "denied-point-no-access-rights"
    case .deniedOutOfTimeRange: "denied-out-of-time-range"
    case .deniedCredentialNotYetActive: "denied-credential-not-yet-active"
    case .deniedCredentialExpired: "denied-credential-expired"
    case .deniedCredentialManualDisable: "denied-credential-manual-disable"
    case .deniedCredentialMaxUses: "denied-credential-max-uses"
    case .deniedPassback: "denied-passback"
    case .deniedUpperOccupancyLimit: "denied-upper-occupancy-limit"
    case .deniedLockout: "denied-lockout"
    case .deniedAuthenticationFactorError: "denied-authentication-factor-error"
    case .deniedAuthenticationUnavailable: "denied-authentication-unavailable"
    case .deniedVerificationTimeout: "denied-verification-timeout"
    case .deniedNoAccompaniment: "denied-no-accompaniment"
    case .deniedThreatLevel: "denied-threat-level"
    case .outOfService: "out-of-service"
    case .noEntryAfterGrant: "no-entry-after-grant"
    case .passbackDetected: "passback-detected"
    case .muster: "muster"
    case .deniedInterlock: "denied-interlock"
    case .deniedCredentialDisabled: "denied-credential-disabled"
    case .verificationRequired: "verification-required"
    case .authorizationDelayed: "authorization-delayed"
    case .lockoutMaxAttempts: "lockout-max-attempts"
    }
  }

  /// As `rawValue`, for code that takes no lock: the cases are numbered in their order in memory too.
  var code: UInt8 {
    @_noLocks get { unsafe unsafeBitCast(self, to: UInt8.self) }
  }
}
