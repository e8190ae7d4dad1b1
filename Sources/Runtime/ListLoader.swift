public import AccessPolicy
import Glibc
public import Journal
import Messages
import Platform

/// Gets the list into memory: from the flat image beside `list.db` where that fits, else from `list.db` itself.
public struct ListLoader: Sendable {
  public struct Loaded: Sendable {
    public let list: ListSnapshot
    public let isFromImage: Bool
    /// An image was there and is not what was written; it has been made anew.
    public let damage: String?
  }

  /// `list.image` in the state directory.
  public let imagePath: String
  private let store: ListStore
  private let groups: [GroupSetting]
  private let text: ListText

  public init(groups: [GroupSetting], directory: String) {
    self.groups = groups
    imagePath = "\(directory)/list.image"
    store = ListStore(directory: directory)
    text = ListText(groupNames: groups.map(\.name))
  }

  /// Nil where no list was ever stored.
  ///
  /// - Throws: ``StoreError``, where there is neither a fitting image nor a readable `list.db`.
  public func load() throws(StoreError) -> Loaded? {
    var damage: String?
    // A head that cannot be read is told by the reading of the rows below, which also sets the file aside.
    if let head = (try? store.head()) ?? nil {
      do throws(ListImage.Fault) {
        if let list = try readImage(origin(head)) {
          return Loaded(list: list, isFromImage: true, damage: nil)
        }
      } catch {
        if error.isDamage { damage = "\(error)" }
      }
    }
    guard let (list, head) = try rebuild() else { return nil }
    keepImage(list, digest: head.digest)
    return Loaded(list: list, isFromImage: false, damage: damage)
  }

  /// The image of `list`, aside first, then under its name. Without it the next start only takes longer.
  public func keepImage(_ list: ListSnapshot, digest: [UInt8]) {
    let aside = imagePath + ".new"
    let origin = ListImage.Origin(version: list.version, digest: digest, groups: groups)
    do throws(SystemError) {
      let file = try FileDescriptor.open(path: aside, flags: O_WRONLY | O_CREAT | O_TRUNC)
      try list.writeImage(of: origin) { (part: RawSpan) throws(SystemError) in try file.writeAll(part) }
      try file.sync()
      try Files.move(aside, to: imagePath)
    } catch {
      Files.remove(aside)
      StandardError.write(
        "gatehoused: list: \(imagePath) is not written, the next start takes longer: \(error)")
    }
  }

  private func origin(_ head: ListStore.Head) -> ListImage.Origin {
    ListImage.Origin(version: version(of: head), digest: head.digest, groups: groups)
  }

  /// A list that was stored under a number which none may have decides as before and counts as 0: no list could ever be
  /// newer else.
  private func version(of head: ListStore.Head) -> UInt64 {
    guard head.version <= MessageLimits.listVersion else {
      StandardError.write(
        "gatehoused: list: list.db holds version \(head.version), and none may be higher than "
          + "\(MessageLimits.listVersion): it counts as 0 until the next list is taken")
      return 0
    }
    return UInt64(clamping: head.version)
  }

  /// Nil where there is none.
  private func readImage(_ origin: ListImage.Origin) throws(ListImage.Fault) -> ListSnapshot? {
    guard let file = try? FileDescriptor.open(path: imagePath, flags: O_RDONLY),
      let bytes = try? file.fileBytes()
    else { return nil }
    return try ListSnapshot(
      image: origin, fileBytes: bytes, advise: { LargePages.ask(for: &$0) },
      fill: { room in (try? file.fill(&room)) ?? false })
  }

  /// From the rows, as if there were no image.
  public func rebuild() throws(StoreError) -> (list: ListSnapshot, head: ListStore.Head)? {
    let expected = ((try? store.head()) ?? nil)?.count ?? 0
    var reading = ListReading(
      builder: builder(expecting: Int(clamping: expected)), text: text)
    guard let head = try store.read(to: &reading) else { return nil }
    return (Self.snapshot(version(of: head), reading.builder), head)
  }

  func snapshot(of list: StoredList) -> ListSnapshot {
    var builder = builder(expecting: list.rows.count)
    for row in list.rows {
      if let row = text.row(row) { builder.append(row) }
    }
    return Self.snapshot(UInt64(clamping: list.version), builder)
  }

  private func builder(expecting rows: Int) -> ListSnapshotBuilder {
    ListSnapshotBuilder(expecting: rows, groups: groups, advise: { LargePages.ask(for: &$0) })
  }

  private static func snapshot(_ version: UInt64, _ builder: consuming ListSnapshotBuilder) -> ListSnapshot {
    ListSnapshot(version: version, builder: builder)
  }
}

/// The rows on their way from the store into the tables.
private struct ListReading: ~Copyable, StoredListReceiver {
  var builder: ListSnapshotBuilder
  let text: ListText

  mutating func terms(_ terms: StoredListTerms) -> Int {
    builder.terms(
      groups: text.groups(terms.groups), validFrom: terms.validFrom, validUntil: terms.validUntil,
      uses: terms.uses.map { Int($0) }, flags: text.flags(terms.flags))
  }

  mutating func row(credential: Span<UInt8>, holder: Span<UInt8>, terms: Int) {
    builder.append(stored: credential, holder: holder, terms: terms)
  }
}
