import Messages

extension CameraFormat {
  /// OpenALPR and Rekor: a group of frames that show one vehicle, `alpr_group`. Single frames are not acted upon.
  public static var openALPR: CameraFormat {
    CameraFormat(name: "openalpr") { post throws(CameraFault) in
      let message = try JSONBody.read(post)
      guard let kind = message.text("data_type") else { throw CameraFault("data_type is missing") }
      guard kind == "alpr_group" else { return [.heartbeat] }
      guard let plate = message.text("best_plate_number") else {
        throw CameraFault("best_plate_number is missing")
      }
      guard !plate.isEmpty else { return [.unreadable] }
      let others = (message["candidates"]?.arrayValue ?? []).prefix(CameraLimits.candidates)
      let start = message.whole("epoch_start").flatMap { (1...253_402_300_799_000).contains($0) ? $0 : nil }
      return [
        .plate(
          try PlateReading(
            plate: plate, confidence: share(hundredths: message.number("best_confidence")),
            candidates: candidates(others, value: "plate", confidence: "confidence", of: 100, but: plate),
            identity: message.text("best_uuid"), seenAt: start.map { Timestamp(milliseconds: $0) }))
      ]
    } answer: { _, _ in
      CameraAnswer(status: 200, body: (["result": "taken"] as JSONValue).encoded())
    }
  }
}
