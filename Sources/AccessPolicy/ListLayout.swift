/// Where the tables of a list stand in their one piece of memory, which is also its image in a file.
///
/// The header of ``ListImage`` first, then each table on a line of cache of its own.
struct ListLayout: Sendable {
  let entries: Int
  let terms: Int
  let buckets: Int
  /// Heads of the chains of similar plates, a power of two or none, and the links, one for each entry or none.
  let heads: Int
  let links: Int
  let textBytes: Int

  let termsAt: Int
  let bucketsAt: Int
  let entriesAt: Int
  let headsAt: Int
  let linksAt: Int
  let textAt: Int
  /// Of all, a multiple of ``line``.
  let bytes: Int

  static var line: Int { 64 }

  init(entries: Int, terms: Int, buckets: Int, heads: Int, links: Int, textBytes: Int) {
    self.entries = entries
    self.terms = terms
    self.buckets = buckets
    self.heads = heads
    self.links = links
    self.textBytes = textBytes
    termsAt = ListImage.headerBytes
    bucketsAt = ListLayout.rounded(termsAt + terms * EntryTerms.words * 8)
    entriesAt = ListLayout.rounded(bucketsAt + buckets * 4)
    headsAt = ListLayout.rounded(entriesAt + entries * 4)
    linksAt = ListLayout.rounded(headsAt + heads * 4)
    textAt = ListLayout.rounded(linksAt + links * 4)
    // A read may run over the end of the text.
    bytes = ListLayout.rounded(textAt + textBytes + 16)
  }

  private static func rounded(_ bytes: Int) -> Int { (bytes + line - 1) / line * line }
}
