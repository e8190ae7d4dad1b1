import Messages

extension CameraFormat {
  /// `{"plate":"…","confidence":0.93}`, for everything that can make a POST. It hears the controller's own answer.
  public static var plain: CameraFormat {
    CameraFormat(name: "plain") { post throws(CameraFault) in
      let message = try JSONBody.read(post)
      guard let plate = message.text("plate") else { throw CameraFault("plate is missing, or no text") }
      if let confidence = message["confidence"], confidence.doubleValue == nil {
        throw CameraFault("confidence must be a number from 0 to 1")
      }
      return [
        .plate(
          try PlateReading(
            plate: plate, confidence: message.number("confidence"), identity: message.text("id"),
            seenAt: message.text("seen_at").flatMap { Timestamp($0) }))
      ]
    } answer: { _, replies in
      CameraAnswer(status: 200, body: replies.first?.encoded() ?? Array("{}".utf8))
    }
  }
}
