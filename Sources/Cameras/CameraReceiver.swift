import Messages
import Platform
import Synchronization

/// From a camera's post to the controller's decision and back.
///
/// Called on many threads at once; it keeps nothing but the recognitions that were answered.
public final class CameraReceiver: Sendable {
  private let readers: Set<String>
  private let ingressPath: String
  private let note: @Sendable (String) -> Void
  private let memory = RecognitionMemory()
  private let count = Atomic<Int>(0)

  /// - Parameters:
  ///   - readers: the plate readers of the site, the only ones that a camera may speak for.
  ///   - ingressPath: the controller's socket.
  ///   - note: one line for the log of the service.
  public init(readers: Set<String>, ingressPath: String, note: @escaping @Sendable (String) -> Void) {
    self.readers = readers
    self.ingressPath = ingressPath
    self.note = note
  }

  /// `POST /camera/READER/FORMAT`, and whatever the camera appends to that.
  public func answer(_ request: HTTPRequest) -> CameraAnswer {
    let parts = request.path.split(separator: "/", maxSplits: 3).map(String.init)
    guard parts.count >= 3, parts[0] == "camera" else {
      return CameraAnswer(status: 404, error: "post to /camera/READER/FORMAT")
    }
    guard readers.contains(parts[1]) else {
      return CameraAnswer(status: 404, error: "the site has no plate reader '\(parts[1].prefix(80))'")
    }
    guard let format = CameraFormat.named(parts[2]) else {
      let known = CameraFormat.all.map(\.name).joined(separator: ", ")
      return CameraAnswer(status: 404, error: "unknown format; known are \(known)")
    }
    guard request.method == "POST" || request.method == "PUT" else {
      return CameraAnswer(status: 405, error: "only POST is taken")
    }
    let post = CameraPost(
      subject: parts.count > 3 ? parts[3] : "", contentType: request.contentType, body: request.body)
    do {
      return take(try format.read(post), reader: parts[1], format: format)
    } catch {
      note("\(parts[1]): \(format.name) post refused: \(error)")
      return CameraAnswer(status: 400, error: error.description)
    }
  }

  private func take(_ notices: [CameraNotice], reader: String, format: CameraFormat) -> CameraAnswer {
    let key = identity(notices, reader: reader)
    if let key, let answer = memory.answer(to: key) { return answer }
    var replies: [IngressReply] = []
    for notice in notices {
      switch notice {
      case .heartbeat: break
      case .unreadable: note("\(reader): a vehicle without a readable plate")
      case .late(let reading):
        note("\(reader): plate \(reading.plate) was sent late, nothing was opened for it")
      case .plate(let reading):
        do {
          replies.append(try ask(reading, reader: reader))
        } catch {
          note("\(reader): plate \(reading.plate) was not decided: \(error)")
          return CameraAnswer(status: 503, error: "the controller did not answer")
        }
      }
    }
    let answer = format.answer(notices, replies)
    if let key { memory.remember(answer, to: key) }
    return answer
  }

  /// Nil where the post holds anything but one plate with an id.
  private func identity(_ notices: [CameraNotice], reader: String) -> String? {
    guard notices.count == 1 else { return nil }
    switch notices[0] {
    case .plate(let reading), .late(let reading):
      return reading.identity.map { "\(reader)\n\($0)\n\(reading.plate)" }
    default: return nil
    }
  }

  private func ask(_ reading: PlateReading, reader: String) throws -> IngressReply {
    let number = count.add(1, ordering: .relaxed).newValue
    let request = IngressRequest(
      id: "camera-\(number)", reader: reader, credential: "plate:\(reading.plate)",
      confidence: reading.confidence, candidates: reading.candidates, seenAt: reading.seenAt,
      track: reading.identity)
    let line = try LineExchange.ask(
      path: ingressPath, line: request.encoded(), milliseconds: CameraLimits.decisionMilliseconds)
    return try IngressReply.parse(line)
  }
}
