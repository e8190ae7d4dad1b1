import Messages

extension CameraFormat {
  /// Plate Recognizer Stream's webhook: JSON, or a form whose part `json` holds it beside the picture.
  public static var plateRecognizer: CameraFormat {
    CameraFormat(name: "platerecognizer") { post throws(CameraFault) in
      let message = try JSONBody.read(post)
      guard let data = message["data"] else { throw CameraFault("data is missing") }
      guard let results = data["results"]?.arrayValue else { throw CameraFault("data.results is missing") }
      guard !results.isEmpty else { return [.unreadable] }
      guard results.count <= CameraLimits.readings else {
        throw CameraFault("more than \(CameraLimits.readings) plates in one post")
      }
      let seen = data.text("timestamp").flatMap { Timestamp($0) }
      var notices: [CameraNotice] = []
      for result in results {
        guard let plate = result.text("plate") else { throw CameraFault("a result has no plate") }
        let others = (result["candidates"]?.arrayValue ?? []).prefix(CameraLimits.candidates)
        notices.append(
          .plate(
            try PlateReading(
              plate: plate, confidence: result.number("score"),
              candidates: candidates(others, value: "plate", confidence: "score", of: 1, but: plate),
              seenAt: seen)))
      }
      return notices
    } answer: { _, _ in
      CameraAnswer(status: 200, body: (["result": "taken"] as JSONValue).encoded())
    }
  }

  /// The other readings a recogniser thinks possible, without the one that it settled on.
  static func candidates(
    _ list: some Sequence<JSONValue>, value: String, confidence: String, of whole: Double, but chosen: String
  ) -> [IngressRequest.Candidate] {
    list.compactMap { element in
      guard let text = element.text(value), text != chosen,
        let share = element.number(confidence).map({ $0 / whole }),
        !text.isEmpty, text.utf8.count <= CameraLimits.plateBytes, (0...1).contains(share)
      else { return nil }
      return IngressRequest.Candidate(value: text, confidence: share)
    }
  }
}
