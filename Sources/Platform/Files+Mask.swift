import Glibc

extension Files {
  /// `umask`: the permissions that no file made from now on has, whoever makes it.
  public static func setCreationMask(_ mask: UInt32) {
    _ = umask(mask)
  }
}
