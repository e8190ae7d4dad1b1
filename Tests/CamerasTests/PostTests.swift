import Cameras
import Messages
import Platform
import Testing

/// Every format over real HTTP on loopback, down to the line that the controller gets.
@Suite struct PostTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var format: String
    var contentType = "application/json"
    var body: [UInt8]
    var suffix = ""
    var plate: String
    var confidence: Double?
    var candidates: [IngressRequest.Candidate] = []
    var track: String?
    /// Milliseconds since 1970.
    var seen: Int64?
    var reply: String
    var testDescription: String { format }
  }

  static let cases: [Case] = [
    Case(
      format: "hikvision", contentType: Samples.formType,
      body: Samples.form(Samples.hikvision(plate: "京A12345", uuid: "u-1")), plate: "京A12345",
      confidence: 0.97,
      track: "u-1", seen: 1_795_305_600_250, reply: "OK"),
    Case(
      format: "hikvision", contentType: "application/xml; charset=\"UTF-8\"",
      body: Array(Samples.hikvision(plate: "AB12CDE", uuid: "u-2").utf8), plate: "AB12CDE", confidence: 0.97,
      track: "u-2", seen: 1_795_305_600_250, reply: "OK"),
    Case(
      format: "dahua", body: Array(Samples.dahua(plate: "粤BD12345").utf8),
      suffix: "/NotificationInfo/TollgateInfo", plate: "粤BD12345", confidence: 0.88,
      reply: #"{"result":"true"}"#),
    Case(
      format: "vzenith", body: Array(Samples.vzenith(plate: "川A12345", number: 41).utf8), plate: "川A12345",
      confidence: 0.99, track: "a1b2c3d4-00000000/1795305600/41", seen: 1_795_305_600_250,
      reply: #"{"Response_AlarmInfoPlate":{"info":"no","content":"retransfer_stop"}}"#),
    Case(
      format: "platerecognizer", body: Array(Samples.plateRecognizer.utf8), plate: "abc123", confidence: 0.91,
      candidates: [.init(value: "a8c123", confidence: 0.55)], seen: 1_795_305_600_500,
      reply: #"{"result":"taken"}"#),
    Case(
      format: "openalpr", body: Array(Samples.openALPR.utf8), plate: "ABC123", confidence: 0.915,
      candidates: [.init(value: "A8C123", confidence: 0.8025)], track: "gate-cam1-1795305600300",
      seen: 1_795_305_600_250, reply: #"{"result":"taken"}"#),
    Case(
      format: "plain", body: Array(#"{"plate":"ABC 123","confidence":0.93}"#.utf8), plate: "ABC 123",
      confidence: 0.93,
      reply: #"{"id":"camera-1","decision":"grant","reason":"granted","point":"lane1","seq":7}"#),
  ]

  @Test(arguments: cases) func aPlateReachesTheController(_ example: Case) throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    let reply = try bench.post(
      "/camera/lane1.camera/\(example.format)\(example.suffix)", contentType: example.contentType,
      example.body)
    #expect(reply.status == 200)
    #expect(reply.body == example.reply)
    let request = try #require(bench.controller.requests.first)
    #expect(bench.controller.requests.count == 1)
    #expect(request.reader == "lane1.camera")
    #expect(request.credential == "plate:\(example.plate)")
    #expect(request.confidence == example.confidence)
    #expect(request.candidates == example.candidates)
    #expect(request.track == example.track)
    #expect(request.seenAt?.milliseconds == example.seen)
  }

  @Test(arguments: [
    ("hikvision", "application/xml", Samples.hikvisionHeartbeat),
    ("hikvision", "application/xml", Samples.hikvision(plate: "unknown", uuid: "u-3")),
    ("hikvision", "application/xml", Samples.hikvision(plate: "AB12CDE", uuid: "u-4", again: true)),
    ("dahua/NotificationInfo/KeepAlive", "application/json", #"{"Active":"keepAlive","DeviceID":"5K0"}"#),
    ("vzenith", "application/json", Samples.vzenith(plate: "_无_", number: 1)),
    ("vzenith", "application/json", Samples.vzenith(plate: "川A12345", number: 2, offline: 1)),
    ("platerecognizer", "application/json", #"{"data":{"results":[]}}"#),
    ("openalpr", "application/json", #"{"data_type":"heartbeat"}"#),
  ]) func nothingIsAskedForWhatIsNoVehicleAtTheGate(format: String, contentType: String, body: String) throws
  {
    let bench = try CameraBench()
    defer { bench.stop() }
    let reply = try bench.post("/camera/lane1.camera/\(format)", contentType: contentType, Array(body.utf8))
    #expect(reply.status == 200)
    #expect(bench.controller.requests.isEmpty)
  }

  @Test func aPlateKeptByTheCameraIsTakenOverWithoutOpening() throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    let body = Samples.vzenith(plate: "川A12345", number: 9, offline: 1)
    let reply = try bench.post("/camera/lane1.camera/vzenith", Array(body.utf8))
    #expect(reply.body.contains(#""ContinuePushOffline":{"plateid":9,"continue":1}"#))
    #expect(bench.controller.requests.isEmpty)
    #expect(bench.notes.contains { $0.contains("sent late") })
  }

  @Test func aRecognitionSentAgainIsDecidedOnce() throws {
    let bench = try CameraBench()
    defer { bench.stop() }
    for uuid in ["u-1", "u-1", "u-2", "u-1"] {
      let xml = Samples.hikvision(plate: "AB12CDE", uuid: uuid)
      let reply = try bench.post("/camera/lane1.camera/hikvision", contentType: "text/xml", Array(xml.utf8))
      #expect(reply.status == 200)
    }
    #expect(bench.controller.requests.map(\.track) == ["u-1", "u-2"])
  }

  @Test func theCameraTriesAgainWhileTheControllerIsSilent() throws {
    let bench = try CameraBench { _ in nil }
    let body = Array(Samples.vzenith(plate: "川A12345", number: 41).utf8)
    let reply = try bench.post("/camera/lane1.camera/vzenith", body)
    #expect(reply.status == 503)
    bench.controller.stop()
    #expect(try bench.post("/camera/lane1.camera/vzenith", body).status == 503)
  }

  @Test func aRefusalOfTheControllerIsAnAnswer() throws {
    let bench = try CameraBench {
      IngressReply.refused(id: $0.id, error: "not your reader").encoded()
    }
    defer { bench.stop() }
    let reply = try bench.post("/camera/lane1.camera/plain", Array(#"{"plate":"ABC123"}"#.utf8))
    #expect(reply.status == 200)
    #expect(reply.body.contains("not your reader"))
  }
}
