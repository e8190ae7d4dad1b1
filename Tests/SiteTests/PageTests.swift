import Testing

@testable import Site

/// The page and the code know the same keys.
@Suite("Page of keys")
struct PageTests {
  /// The keys of each table on the page, by heading.
  private func page() throws -> [String: [String]] {
    let folder = hardware.dropLast("hardware".count)
    let bytes = try SmallFile.read("\(folder)Sources/Site/Site.docc/Site.md", limit: 1 << 20)
    var tables: [String: [String]] = [:]
    var heading = ""
    for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
      if line.hasPrefix("### ") {
        heading = String(line.dropFirst(4))
      } else if line.hasPrefix("| `"), let end = line.dropFirst(3).firstIndex(of: "`") {
        tables[heading, default: []].append(String(line.dropFirst(3)[..<end]))
      }
    }
    return tables
  }

  @Test func everyKeyIsOnThePageAndNoOther() throws {
    let page = try page()
    #expect(Set(page.keys) == Set(KeyTable.everything.map(\.name)))
    for table in KeyTable.everything {
      let rows = page[table.name] ?? []
      #expect(Set(rows) == Set(table.all), "\(table.name)")
      #expect(rows.count == table.all.count, "a key stands twice under \(table.name)")
    }
  }
}
