import Cameras
import Messages
import Testing

/// What nobody's camera sends: refused with a reason, and the next camera is served as before.
@Suite struct HostilePostTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var name: String
    var path: String
    var contentType = "application/json"
    var body: [UInt8]
    var status = 400
    /// A part of the reason.
    var says: String
    var method = "POST"
    var testDescription: String { name }
  }

  static func xml(_ name: String, _ body: String, says: String) -> Case {
    Case(name: name, path: "hikvision", contentType: "application/xml", body: Array(body.utf8), says: says)
  }

  static func json(_ name: String, _ format: String, _ body: String, says: String) -> Case {
    Case(name: name, path: format, body: Array(body.utf8), says: says)
  }

  static let laughs = """
    <?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;">
    <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">]><EventNotificationAlert>&lol3;</EventNotificationAlert>
    """

  static let file = """
    <!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><EventNotificationAlert><UUID>&x;</UUID>
    </EventNotificationAlert>
    """

  static let cases: [Case] = [
    xml("entities that grow", laughs, says: "document type"),
    xml("a file named as an entity", file, says: "document type"),
    xml("no XML", "plate=ABC", says: "XML:"),
    xml("an empty body", "", says: "XML:"),
    xml("another root", "<a/>", says: "EventNotificationAlert"),
    xml("cut off", String(Samples.hikvision(plate: "A", uuid: "u").prefix(300)), says: "XML:"),
    xml("too deep", String(repeating: "<a>", count: 200), says: "levels deep"),
    xml("too many", "<a>" + String(repeating: "<b/>", count: 9_000), says: "elements"),
    xml("long text", "<a>" + String(repeating: "x", count: 9_000), says: "bytes of text"),
    xml("confidence in words", Samples.hikvision(plate: "A", uuid: "u", level: "high"), says: "not a number"),
    xml("confidence over 100", Samples.hikvision(plate: "A", uuid: "u", level: "250"), says: "no share"),
    xml(
      "a plate of a page", Samples.hikvision(plate: String(repeating: "A", count: 400), uuid: "u"),
      says: "64 bytes"),
    Case(
      name: "a form cut off", path: "hikvision", contentType: Samples.formType,
      body: Array(Samples.form(Samples.hikvision(plate: "A", uuid: "u")).dropLast(40)), says: "cut off"),
    Case(
      name: "a form without its boundary", path: "hikvision", contentType: Samples.formType,
      body: Array("hello".utf8), says: "does not occur"),
    Case(
      name: "a form without XML", path: "hikvision", contentType: "multipart/form-data; boundary=b",
      body: Array("--b\r\nContent-Type: image/jpeg\r\n\r\nx\r\n--b--".utf8), says: "no part"),
    Case(
      name: "a form of too many parts", path: "hikvision", contentType: "multipart/form-data; boundary=b",
      body: Array(String(repeating: "--b\r\n\r\nx\r\n", count: 50).utf8) + Array("--b--".utf8), says: "parts"),
    Case(
      name: "a boundary of nothing", path: "hikvision", contentType: "multipart/form-data; boundary=\"\"",
      body: Array("----".utf8), says: "boundary"),
    json("no JSON", "plain", "plate", says: "not JSON"),
    json("an array", "plain", "[1]", says: "plate"),
    json("a plate that is a number", "plain", #"{"plate":5}"#, says: "plate"),
    json("an empty plate", "plain", #"{"plate":""}"#, says: "plate"),
    json("a confidence in words", "plain", #"{"plate":"A","confidence":"high"}"#, says: "confidence"),
    json("a confidence of seven", "plain", #"{"plate":"A","confidence":7}"#, says: "no share"),
    json("a line feed in the plate", "plain", #"{"plate":"A\n{\"id\":\"x\"}"}"#, says: "control"),
    json("brackets without end", "plain", String(repeating: "[", count: 100_000), says: "deep"),
    json("Dahua without a picture", "dahua", #"{"Picture":5}"#, says: "Picture.Plate"),
    json("Vzenith of another kind", "vzenith", #"{"AlarmInfoPlate":[]}"#, says: "PlateResult"),
    json("results that are no list", "platerecognizer", #"{"data":{"results":{}}}"#, says: "results"),
    json(
      "a hundred plates", "platerecognizer",
      #"{"data":{"results":["# + [String](repeating: #"{"plate":"a"}"#, count: 100).joined(separator: ",")
        + "]}}",
      says: "more than 8"),
    json("OpenALPR without a kind", "openalpr", "{}", says: "data_type"),
    Case(name: "an unknown format", path: "acme", body: [], status: 404, says: "unknown format"),
    Case(name: "a GET", path: "plain", body: [], status: 405, says: "POST", method: "GET"),
  ]

  @Test(arguments: cases) func isRefusedWithAReason(_ example: Case) throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    let reply = try bench.post(
      "/camera/lane1.camera/\(example.path)", contentType: example.contentType, example.body,
      method: example.method)
    #expect(reply.status == example.status)
    #expect(reply.body.contains(example.says))
    #expect(bench.controller.requests.isEmpty)
    try expectServed(bench)
  }

  @Test(arguments: ["/", "/camera", "/camera/lane1.camera", "/camera/lobby.card/plain", "/../../etc/passwd"])
  func otherPathsAreNotFound(path: String) throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    #expect(try bench.post(path, Array(#"{"plate":"A"}"#.utf8)).status == 404)
    #expect(bench.controller.requests.isEmpty)
  }

  @Test func tenMegabytesAreRefusedBeforeTheyAreSent() throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    let head = "POST /camera/lane1.camera/plain HTTP/1.1\r\nHost: g\r\nContent-Length: 10485760\r\n\r\n"
    #expect(try LoopbackClient.send(Array(head.utf8), port: bench.port, close: true).contains(" 413 "))
    try expectServed(bench)
  }

  @Test func aBodyThatGoesOnIsCutOff() throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    let head = "POST /camera/lane1.camera/plain HTTP/1.1\r\nHost: g\r\nTransfer-Encoding: chunked\r\n\r\n"
    let chunk = Array("10000\r\n".utf8) + [UInt8](repeating: 0x20, count: 65_536) + Array("\r\n".utf8)
    var body = Array(head.utf8)
    for _ in 0..<160 { body += chunk }
    #expect(try !LoopbackClient.send(body, port: bench.port).contains(" 200 "))
    #expect(bench.controller.requests.isEmpty)
    try expectServed(bench)
  }

  @Test(arguments: [
    "\0\0\0\0\r\n\r\n", "POST\r\n\r\n", "POST / HTTP/9.9\r\n\r\n",
    "GET " + String(repeating: "a", count: 50_000),
  ])
  func whatIsNotHTTPEndsItsOwnConnectionOnly(bytes: String) throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    let reply = try LoopbackClient.send(Array(bytes.utf8), port: bench.port, close: true)
    #expect(!reply.contains(" 200 "))
    try expectServed(bench)
  }

  private func expectServed(_ bench: CameraBench) throws {
    let reply = try bench.post("/camera/lane1.camera/plain", Array(#"{"plate":"ABC123"}"#.utf8))
    #expect(reply.status == 200)
    #expect(bench.controller.requests.last?.credential == "plate:ABC123")
  }
}
