import Messages

extension CameraFormat {
  /// Hikvision's alarm push: XML, alone or as a part of a form beside the pictures.
  ///
  /// Namespaces differ between firmwares, so elements are known by their local names.
  public static var hikvision: CameraFormat {
    CameraFormat(name: "hikvision") { post throws(CameraFault) in
      let outline = try XMLOutline(try event(post))
      guard outline.root == "EventNotificationAlert" else {
        throw CameraFault("the root is \(outline.root), not EventNotificationAlert")
      }
      // A camera with nothing to tell says `videoloss`, `inactive`.
      guard outline["eventType"]?.uppercased() == "ANPR" else { return [.heartbeat] }
      guard let plate = outline["ANPR/licensePlate"] ?? outline["ANPR/originalLicensePlate"], !plate.isEmpty,
        plate.lowercased() != "unknown"
      else { return [.unreadable] }
      var confidence: Double?
      if let text = outline["ANPR/confidenceLevel"] {
        guard let level = Double(text) else {
          throw CameraFault("confidenceLevel is '\(text)', not a number")
        }
        confidence = share(hundredths: level)
      }
      let reading = try PlateReading(
        plate: plate, confidence: confidence, identity: outline["UUID"].flatMap { $0.isEmpty ? nil : $0 },
        seenAt: outline["dateTime"].flatMap { Timestamp($0) })
      return [outline["isDataRetransmission"]?.lowercased() == "true" ? .late(reading) : .plate(reading)]
    } answer: { _, _ in
      CameraAnswer(status: 200, contentType: "text/plain", body: Array("OK".utf8))
    }
  }

  private static func event(_ post: CameraPost) throws(CameraFault) -> [UInt8] {
    guard let boundary = MultipartForm.boundary(contentType: post.contentType) else { return post.body }
    let form = try MultipartForm(post.body, boundary: boundary)
    guard
      let part = form.first(where: {
        $0.name.hasSuffix(".xml") || $0.fileName.hasSuffix(".xml") || $0.contentType.contains("xml")
      })
    else { throw CameraFault("no part of the form is XML") }
    return part.body
  }
}
