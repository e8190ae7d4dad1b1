/// A list snapshot as a flat file: its tables as they stand in memory, behind a header that says whose they are.
///
/// The file spares a start the reading, parsing and sorting of a million rows. It holds nothing that the list's
/// store does not hold, and is made anew from there whenever anything about it does not fit.
public enum ListImage {
  /// What an image must have been made from.
  public struct Origin: Sendable, Equatable {
    public let version: UInt64
    /// The SHA-256 that the list's store keeps beside its version, 32 bytes.
    public let digest: [UInt8]
    /// The groups of the site in their order: a row holds their places.
    public let groups: [GroupSetting]
    let rules: UInt64

    public init(version: UInt64, digest: [UInt8], groups: [GroupSetting]) {
      precondition(digest.count == 32, "a SHA-256 has 32 bytes")
      self.version = version
      self.digest = digest
      self.groups = groups
      rules = ListImage.rules(groups)
    }
  }

  /// Why an image is not used.
  public enum Fault: Error, Equatable, Sendable, CustomStringConvertible {
    /// Shorter than its header says, or could not be read to its end.
    case short
    /// Longer than its header says.
    case long
    case notImage
    case byteOrder
    /// Of another release: the number found.
    case format(UInt64)
    /// Of another version of the list, or of other rows with the same version.
    case otherList
    /// The site's groups, or what counts as alike on a plate, are not those that it was made with.
    case otherRules
    case damaged

    public var description: String {
      switch self {
      case .short: "the file is cut off"
      case .long: "the file goes on behind its end"
      case .notImage: "not a list snapshot"
      case .byteOrder: "written by a machine of the other byte order"
      case .format(let number): "format \(number), this program knows \(ListImage.format)"
      case .otherList: "made from another list"
      case .otherRules: "made with other groups or other rules for plates"
      case .damaged: "the content does not fit its checksum or makes no sense"
      }
    }

    /// Made by this program of what it was asked for, and is not that any more; otherwise it is only out of date.
    public var isDamage: Bool {
      switch self {
      case .short, .long, .notImage, .damaged: true
      case .byteOrder, .format, .otherList, .otherRules: false
      }
    }
  }

  /// To be raised with every change of a table's layout, of the normal forms, or of ``CredentialKey``'s mark.
  static var format: UInt64 { 2 }

  /// "GHLIST" and two zeros, read as a number on a machine whose lowest byte comes first.
  static var magic: UInt64 { 0x0000_5453_494C_4847 }
  /// The same on a machine of the other order.
  static var order: UInt64 { 0x0102_0304_0506_0708 }

  /// Words of the header; the last is the checksum of all else.
  static var headerWords: Int { 32 }

  /// Bytes of the header; nothing shorter is an image.
  public static var headerBytes: Int { headerWords * 8 }

  /// Groups and confusions, on which a snapshot's numbers hang.
  static func rules(_ groups: [GroupSetting]) -> UInt64 {
    var mix = Fingerprint(seed: UInt64(groups.count))
    for group in groups {
      for unit in group.name.utf8 { mix.add(unit) }
      mix.add(UInt8(0))
    }
    for letter in UInt32(0x21)..<0xA000 {
      mix.add(UInt64(Confusion.fold(letter)))
    }
    return mix.value
  }
}

/// The header: whose image it is, how long its tables are, and the checksum of everything.
struct ListImageHeader {
  let words: [UInt64]
  let layout: ListLayout

  init(_ layout: ListLayout, _ origin: ListImage.Origin, checksum: UInt64) {
    self.layout = layout
    var words = [ListImage.magic, ListImage.order, ListImage.format, origin.version]
    words += ListImageHeader.digestWords(origin.digest)
    words += [origin.rules]
    words += [
      layout.entries, layout.terms, layout.buckets, layout.heads, layout.links, layout.textBytes,
      layout.bytes,
    ].map { UInt64($0) }
    words += Array(repeating: 0, count: ListImage.headerWords - 1 - words.count)
    self.words = words + [checksum]
  }

  init(words: [UInt64], fileBytes: Int, _ origin: ListImage.Origin) throws(ListImage.Fault) {
    self.words = words
    guard words[0] == ListImage.magic else {
      throw words[0] == ListImage.magic.byteSwapped ? .byteOrder : .notImage
    }
    guard words[1] == ListImage.order else {
      throw words[1] == ListImage.order.byteSwapped ? .byteOrder : .damaged
    }
    guard words[2] == ListImage.format else { throw .format(words[2]) }
    // Whatever of the counts is wrong or absurd, nothing larger than the file is taken into memory.
    for place in 9...14 where words[place] > UInt64(PolicyLimits.imageBytes) { throw .damaged }
    layout = ListLayout(
      entries: Int(words[9]), terms: Int(words[10]), buckets: Int(words[11]), heads: Int(words[12]),
      links: Int(words[13]), textBytes: Int(words[14]))
    guard UInt64(layout.bytes) == words[15] else { throw .damaged }
    guard fileBytes >= layout.bytes else { throw .short }
    guard fileBytes <= layout.bytes else { throw .long }
    guard words[3] == origin.version, Array(words[4..<8]) == ListImageHeader.digestWords(origin.digest) else {
      throw .otherList
    }
    guard words[8] == origin.rules else { throw .otherRules }
  }

  var checksum: UInt64 { words[ListImage.headerWords - 1] }

  private static func digestWords(_ digest: [UInt8]) -> [UInt64] {
    var words: [UInt64] = [0, 0, 0, 0]
    for (place, byte) in digest.enumerated() {
      words[place / 8] |= UInt64(byte) << UInt64(place % 8 * 8)
    }
    return words
  }
}
