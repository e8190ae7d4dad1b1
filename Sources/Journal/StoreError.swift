internal import CSQLite
public import Platform

/// What a store could not do: the step, the library's own code and text, and what a person can do about it.
public struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
  public enum Kind: Sendable, Equatable {
    /// No space left, or the file's own limit.
    case full
    case readOnly
    /// The device failed: reading, writing or syncing.
    case io
    /// The file is not what was written to it.
    case damaged
    /// Another connection holds it at the moment.
    case busy
    /// Another process is the writer.
    case inUse
    /// The request itself was wrong; the store is well.
    case refused
    case other
  }

  public var kind: Kind
  /// SQLite's extended result code, or `errno` where the system said it; 0 where neither did.
  public var code: Int32
  public var text: String
  /// What was being done, with the file.
  public var during: String

  public init(kind: Kind, code: Int32 = 0, text: String, during: String) {
    self.kind = kind
    self.code = code
    self.text = text
    self.during = during
  }

  init(sqlite code: Int32, text: String, during: String) {
    let kind: Kind =
      switch code & 0xFF {
      case SQLITE_FULL: .full
      case SQLITE_READONLY, SQLITE_PERM: .readOnly
      case SQLITE_IOERR, SQLITE_CANTOPEN, SQLITE_NOLFS: .io
      case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_FORMAT: .damaged
      case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL: .busy
      default: .other
      }
    self.init(kind: kind, code: code, text: text, during: during)
  }

  public init(_ error: SystemError, during: String) {
    let kind: Kind =
      switch error.code {
      case 28, 122: .full  // ENOSPC, EDQUOT
      case 30, 13, 1: .readOnly  // EROFS, EACCES, EPERM
      case 5: .io  // EIO
      default: .other
      }
    self.init(kind: kind, code: error.code, text: error.description, during: during)
  }

  /// The file itself is not what was written, by SQLite's word: no record missing, no wrong question.
  public var isDamageOfFile: Bool { kind == .damaged && code != 0 }

  /// What a person can do.
  public var advice: String {
    switch kind {
    case .full: "free space on that disk; what waits is written as soon as there is room"
    case .readOnly: "check the mount and the owner of the directory"
    case .io: "check the path, the card or disk, and the kernel's log; replace the medium if it goes on"
    case .damaged: "restart the daemon: it sets the file aside and goes on with a new one; keep the old one"
    case .busy: "try again"
    case .inUse: "stop the other daemon first; one process alone may write"
    case .refused: "nothing was changed"
    case .other: "look up the code in SQLite's result codes"
    }
  }

  public var description: String { "\(during): \(text) (code \(code)); \(advice)" }
}

/// The journal's errors are those of its store.
public typealias JournalError = StoreError
