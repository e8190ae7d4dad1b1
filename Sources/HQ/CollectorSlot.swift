import Glibc
import Journal
import Platform

/// A place among the collectors of one store, held as long as its process lives: an open-file-description lock
/// (`fcntl` F_OFD_SETLK) on one byte of the file beside the store. The kernel gives it back however the process ends.
final class CollectorSlot {
  let number: Int64
  private let file: FileDescriptor

  /// F_OFD_GETLK and F_OFD_SETLK of <fcntl.h>, which Swift does not see: the same number on every Linux.
  private static var getLock: Int32 { 36 }
  private static var setLock: Int32 { 37 }

  /// The first free place.
  ///
  /// - Throws: ``StoreError``; `inUse` where every place is taken.
  init(path: String) throws(StoreError) {
    do throws(SystemError) {
      file = try FileDescriptor.open(path: path, flags: O_RDWR | O_CREAT)
    } catch {
      throw StoreError(error, during: "open \(path)")
    }
    for number in 0..<HQLimits.collectors {
      var lock = Self.lock(number)
      if unsafe fcntl(file.raw, Self.setLock, &lock) == 0 {
        self.number = number
        return
      }
    }
    throw StoreError(
      kind: .inUse, text: "\(HQLimits.collectors) collectors are at work already", during: "lock \(path)")
  }

  private static func lock(_ number: Int64) -> flock {
    var lock = flock()
    lock.l_type = Int16(F_WRLCK)
    lock.l_whence = Int16(SEEK_SET)
    lock.l_start = Int(number)
    lock.l_len = 1
    return lock
  }

  /// The places that are held now; nil where the file cannot be asked.
  static func held(path: String) -> Set<Int64>? {
    guard let file = try? FileDescriptor.open(path: path, flags: O_RDONLY) else { return nil }
    var held: Set<Int64> = []
    for number in 0..<HQLimits.collectors {
      var lock = lock(number)
      guard unsafe fcntl(file.raw, getLock, &lock) == 0 else { return nil }
      if lock.l_type != Int16(F_UNLCK) { held.insert(number) }
    }
    return held
  }
}
