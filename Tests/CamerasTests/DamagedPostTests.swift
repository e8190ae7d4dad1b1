import Cameras
import TestSupport
import Testing

/// Posts with bytes changed, lost, doubled: each gets an answer, and what reaches the controller is within its bounds.
@Suite struct DamagedPostTests {
  static let posts: [(path: String, type: String, body: [UInt8])] = [
    ("hikvision", Samples.formType, Samples.form(Samples.hikvision(plate: "京A12345", uuid: "u-1"))),
    ("hikvision", "text/xml", Array(Samples.hikvision(plate: "AB12CDE", uuid: "u-2").utf8)),
    ("dahua", "application/json", Array(Samples.dahua(plate: "粤BD12345").utf8)),
    ("vzenith", "application/json", Array(Samples.vzenith(plate: "川A12345", number: 41).utf8)),
    ("platerecognizer", "application/json", Array(Samples.plateRecognizer.utf8)),
    ("openalpr", "application/json", Array(Samples.openALPR.utf8)),
    ("plain", "application/json", Array(#"{"plate":"ABC123","confidence":0.93,"id":"x"}"#.utf8)),
  ]

  @Test(arguments: [UInt64(1), 2, 3, 4]) func everyPostGetsAnAnswer(seed: UInt64) throws {
    // A controller that is not there: whoever gets as far as asking it hears 503.
    let receiver = CameraReceiver(readers: ["lane1.camera"], ingressPath: "/nonexistent/ingress.sock") { _ in
    }
    var noise = SplitMix64(seed: seed)
    var answers: [UInt32: Int] = [:]
    for round in 0..<1_400 {
      let post = Self.posts[round % Self.posts.count]
      let request = HTTPRequest(
        method: "POST", path: "/camera/lane1.camera/\(post.path)", contentType: post.type,
        body: Self.damaged(post.body, &noise))
      let status = receiver.answer(request).status
      #expect([200, 400, 503].contains(status), "seed \(seed), round \(round)")
      answers[status, default: 0] += 1
    }
    // Some were refused, and some still told of a plate.
    #expect(answers[400, default: 0] > 100 && answers[503, default: 0] > 20, "seed \(seed): \(answers)")
  }

  private static func damaged(_ bytes: [UInt8], _ noise: inout SplitMix64) -> [UInt8] {
    var bytes = bytes
    for _ in 0...Int.random(in: 0..<4, using: &noise) {
      let place = Int.random(in: 0..<bytes.count, using: &noise)
      switch Int.random(in: 0..<5, using: &noise) {
      case 0: bytes[place] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &noise)
      case 1: bytes[place] = UInt8.random(in: 0...255, using: &noise)
      case 2: bytes.removeSubrange(place..<min(place + Int.random(in: 1..<9, using: &noise), bytes.count - 1))
      case 3: bytes.insert(contentsOf: bytes[..<min(place, 40)], at: place)
      default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 0..<30, using: &noise)))
      }
      if bytes.isEmpty { bytes = [0x7B] }
    }
    return bytes
  }
}
