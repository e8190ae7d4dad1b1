import Glibc
import Synchronization

/// Unix users and groups by name: `getpwnam`, `getpwuid`, `getgrnam`.
///
/// The C functions answer from static memory, so one call at a time is let in.
public enum UserNames {
  private static let turn = Mutex<Void>(())

  /// The effective user of this process.
  public static var own: UInt32 { geteuid() }

  public static func identifier(of user: String) -> UInt32? {
    turn.withLock { _ in
      guard let entry = unsafe getpwnam(user) else { return nil }
      return unsafe entry.pointee.pw_uid
    }
  }

  public static func name(of user: UInt32) -> String? {
    turn.withLock { _ in
      guard let entry = unsafe getpwuid(user), let name = unsafe entry.pointee.pw_name else { return nil }
      return unsafe String(cString: name)
    }
  }

  /// Whether the user stands in the group: as its primary group, or by name in its list of members.
  public static func isMember(user: UInt32, primaryGroup: UInt32, of group: String) -> Bool {
    let userName = name(of: user)
    return turn.withLock { _ in
      guard let entry = unsafe getgrnam(group) else { return false }
      if unsafe entry.pointee.gr_gid == primaryGroup { return true }
      guard let userName, var next = unsafe entry.pointee.gr_mem else { return false }
      while let member = unsafe next.pointee {
        if unsafe String(cString: member) == userName { return true }
        unsafe next += 1
      }
      return false
    }
  }
}
