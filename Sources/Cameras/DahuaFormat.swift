import Messages

extension CameraFormat {
  /// Dahua ITSAPI. The camera appends its own path: `NotificationInfo/TollgateInfo`, `NotificationInfo/KeepAlive`.
  public static var dahua: CameraFormat {
    CameraFormat(name: "dahua") { post throws(CameraFault) in
      if post.subject.hasSuffix("KeepAlive") { return [.heartbeat] }
      let message = try JSONBody.read(post)
      guard let plate = message["Picture"]?["Plate"] else {
        throw CameraFault("Picture.Plate is missing")
      }
      // The time in SnapInfo is local without a zone: no instant, so it is left out.
      guard plate["IsExist"]?.boolValue != false, let text = plate.text("PlateNumber"), !text.isEmpty else {
        return [.unreadable]
      }
      return [
        .plate(try PlateReading(plate: text, confidence: share(hundredths: plate.number("Confidence"))))
      ]
    } answer: { _, _ in
      CameraAnswer(status: 200, body: (["result": "true"] as JSONValue).encoded())
    }
  }
}
