import Journal
import Messages
import Platform
import Testing

@testable import HQ

@Suite struct ListTests {
  static let head = "credential,holder,groups\n"

  @Test(
    arguments: [
      ("a,1\nb,2\n", "a,1\nb,2\nc,3\n", "c,3\n"), ("a,1\nb,2\n", "b,2\na,9\n", "a,9\n"),
      ("a,1\n", "a,1\n", nil), ("a,1\nb,2\n", "a,1\n", nil), ("a,1\n", "a,1\na,2\n", nil),
      ("a,1\r\n", "a,1\nb,\"x,y\"\n", "b,\"x,y\"\n"), ("a,1\n", "a,1\nb,\"x\ny\"\n", nil),
      ("a,1\n", "a,1\n\n\nb,2", "b,2\n"), ("", "a,1\n", "a,1\n"), ("a,1\n", "\"a\",2\n", nil),
    ] as [(String, String, String?)])
  func changesAreWhatIsNewOrDifferent(old: String, new: String, changes: String?) {
    let found = ListChanges(from: Array((Self.head + old).utf8), to: Array((Self.head + new).utf8))
    #expect(found.map { String(decoding: $0.csv, as: UTF8.self) } == changes.map { Self.head + $0 })
  }

  @Test func anotherHeaderIsAnotherList() {
    #expect(
      ListChanges(from: Array("credential,a\nx,1\n".utf8), to: Array("credential,b\nx,2\n".utf8)) == nil)
    #expect(ListChanges(from: [0xFF], to: Array("credential\nx\n".utf8)) == nil)
    #expect(ListChanges(from: [], to: []) == nil)
  }
}
