import Testing

@testable import Messages

@Suite struct RecordHeadTests {
  @Test func saysWhatTheWholeRecordSays() throws {
    let head = try RecordHead(LogRecordTests.full.encoded(seq: 101))
    #expect(head.gateway == LogRecordTests.full.gateway && head.seq == 101 && head.digest == nil)
  }

  @Test func givesWhatQuestionsAskFor() throws {
    let text = #"""
      {"v":1,"gateway":"g","seq":2,"at":"2026-11-22T08:00:00.123Z","type":"actuator","point":"tor \"1\"","decision":null,
      "reason":7,"detail":{"x":{"ms":9},"event":"opened","ms":1450}}
      """#.replacing("\n", with: "")
    let head = try RecordHead(Array(text.utf8))
    #expect(head.at == "2026-11-22T08:00:00.123Z" && head.type == "actuator" && head.point == "tor \"1\"")
    #expect(head.decision == nil && head.reason == nil && head.event == "opened" && head.amount == 1_450)
  }

  @Test func keepsTheDigestOfWhatWasDropped() throws {
    let digest = [UInt8](repeating: 9, count: 32)
    let head = try RecordHead(LogRecord.redacted(gateway: "gw-1", seq: 7, digest: digest))
    #expect(head.gateway == "gw-1" && head.seq == 7 && head.digest == digest)
  }

  @Test func aTypeThatIsNotKnownYetIsNoObstacle() throws {
    let text = #" { "v" : 1 , "seq": 12, "type":"tomorrow", "x":[{"a":"\u4eac"}], "gateway":"京" } "#
    #expect(try RecordHead(Array(text.utf8)).seq == 12)
    #expect(try RecordHead(Array(text.utf8)).gateway == "京")
  }

  @Test(arguments: [
    "", "1", "[]", "{}", #"{"v":1,"seq":1}"#, #"{"v":1,"gateway":"g"}"#, #"{"seq":1,"gateway":"g"}"#,
    #"{"v":2,"seq":1,"gateway":"g"}"#, #"{"v":1,"seq":-1,"gateway":"g"}"#,
    #"{"v":1,"seq":1.0,"gateway":"g"}"#,
    #"{"v":1,"seq":01,"gateway":"g"}"#, #"{"v":1,"seq":"1","gateway":"g"}"#, #"{"v":1,"seq":1,"gateway":7}"#,
    #"{"v":1,"seq":1,"seq":2,"gateway":"g"}"#, #"{"v":1,"seq":1,"gateway":"g","gateway":"h"}"#,
    #"{"v":1,"seq":1,"s\u0065q":2,"gateway":"g"}"#, #"{"v":1,"seq":1,"gateway":"\u0067"}"#,
    #"{"v":1,"seq":1,"gateway":"g"} x"#,
    "{\"v\":1,\n\"seq\":1,\"gateway\":\"g\"}", "{\"v\":1,\"seq\":1,\"gateway\":\"g\"}\r",
    #"{"v":1,"seq":1,"gateway":"g""#,
    #"{"v":1,"seq":1,"gateway":"g","redacted":true}"#,
    #"{"v":1,"seq":1,"gateway":"g","redacted":true,"digest":"00"}"#,
    #"{"v":1,"seq":12345678901234567890,"gateway":"g"}"#,
  ])
  func refusesWhatIsNoRecord(text: String) {
    #expect(throws: MessageFault.self) { try RecordHead(Array(text.utf8)) }
  }

  @Test func aNameWithoutEndIsRefused() {
    let name = String(repeating: "g", count: MessageLimits.nameBytes + 1)
    #expect(throws: MessageFault.self) {
      try RecordHead(Array(#"{"v":1,"seq":1,"gateway":"\#(name)"}"#.utf8))
    }
  }
}
