import Messages
import Testing

@Suite struct JSONTests {
  @Test(arguments: [
    "null", "true", "false", "0", "-1", "9223372036854775807", "-9223372036854775808", "1.5", "\"\"", "[]",
    "{}",
    #"{"b":1,"a":[1,2,{"c":null}]}"#, #""京A12345 \" \\ \n\r\t""#, #"{"":""}"#, "[[],[[]]]",
  ])
  func roundTrip(text: String) throws {
    #expect(try JSONValue.parse(text).text == text)
  }

  @Test(
    arguments: [
      (#""\u4eac\/\b\f""#, JSONValue.string("京/\u{8}\u{c}")), (#""\ud83d\ude97""#, .string("🚗")),
      ("1e3", .number(1000)), ("-0.5E-1", .number(-0.05)),
      ("18446744073709551616", .number(18_446_744_073_709_551_616)),
      (" [ 1 , 2 ] \r\n", .array([1, 2])),
    ] as [(String, JSONValue)])
  func reads(text: String, value: JSONValue) throws {
    #expect(try JSONValue.parse(text) == value)
  }

  @Test(arguments: [
    "", " ", "nul", "tru", "01", "-", "1.", ".5", "1e", "+1", "1e999", "\"", "\"\\", "\"\\x\"", "\"\\u12\"",
    "\"\\ud800\"",
    "\"\\udc00\"", "\"\\ud800\\u0041\"", "\"a\nb\"", "[", "[1", "[1,", "[1,]", "[,]", "{", "{\"a\"",
    "{\"a\":", "{\"a\":1",
    "{\"a\":1,}", "{a:1}", "{\"a\":1,\"a\":2}", "1 2", "{}}", "NaN", "Infinity", "'a'", "// x\n1",
    "\u{feff}1",
  ])
  func refuses(text: String) {
    #expect(throws: JSONFault.self) { try JSONValue.parse(text) }
  }

  @Test(
    arguments: [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x00]]
      as [[UInt8]])
  func refusesWhatIsNotUTF8(bytes: [UInt8]) {
    #expect(throws: JSONFault.self) { try JSONValue.parse(bytes) }
  }

  @Test func depthAndSizeAreBounded() throws {
    let deep = String(repeating: "[", count: 24) + String(repeating: "]", count: 24)
    #expect(try JSONValue.parse(deep) != .null)
    #expect(throws: JSONFault.self) { try JSONValue.parse("[" + deep + "]") }
    #expect(throws: JSONFault.self) { try JSONValue.parse(String(repeating: "[", count: 60_000)) }
    #expect(throws: JSONFault.self) { try JSONValue.parse("[1,2,3]", maximumBytes: 6) }
    #expect(try JSONValue.parse("[1,2,3]", maximumBytes: 7) == [1, 2, 3])
  }

  @Test func membersAreReached() throws {
    let value = try JSONValue.parse(#"{"a":"x","b":2,"c":2.0,"d":true,"e":[1],"f":1e300}"#)
    #expect(value["a"]?.stringValue == "x")
    #expect(value["b"]?.integerValue == 2)
    #expect(value["b"]?.doubleValue == 2)
    #expect(value["c"]?.integerValue == 2)
    #expect(value["d"]?.boolValue == true)
    #expect(value["e"]?[0]?.integerValue == 1)
    #expect(value["e"]?[1] == nil)
    #expect(value["f"]?.integerValue == nil)
    #expect(value["g"] == nil)
    #expect(value["a"]?["b"] == nil)
  }

  @Test func whatJSONLacksIsNull() {
    #expect(JSONValue.array([.number(.infinity), .number(.nan), .number(0.1)]).text == "[null,null,0.1]")
    #expect(JSONValue.string("\u{1}").text == "\"\\u0001\"")
  }
}
