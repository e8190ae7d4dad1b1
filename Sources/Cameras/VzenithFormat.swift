import Messages

extension CameraFormat {
  /// Vzenith (Alphadigi) HTTP push: `AlarmInfoPlate`.
  public static var vzenith: CameraFormat {
    CameraFormat(name: "vzenith") { post throws(CameraFault) in
      let message = try JSONBody.read(post)
      guard let alarm = message["AlarmInfoPlate"] else {
        if message["heartbeat"] != nil { return [.heartbeat] }
        throw CameraFault("AlarmInfoPlate is missing")
      }
      guard let result = alarm["result"]?["PlateResult"] else {
        throw CameraFault("AlarmInfoPlate.result.PlateResult is missing")
      }
      // What the camera writes for a vehicle without a plate.
      guard let text = result.text("license"), !text.isEmpty, text != "_无_" else { return [.unreadable] }
      let reading = try PlateReading(
        plate: text, confidence: share(hundredths: result.number("confidence")),
        identity: identity(alarm, result), seenAt: seen(result))
      return [result.whole("isoffline") == 1 ? .late(reading) : .plate(reading)]
    } answer: { notices, _ in
      // `info: ok` would have the camera close its own relay: only the controller moves the arm.
      var members: [(key: String, value: JSONValue)] = [
        (key: "info", value: "no"), (key: "content", value: "retransfer_stop"),
      ]
      if case .late(let reading)? = notices.first,
        let number = reading.identity.flatMap({ Int64($0.split(separator: "/").last ?? "") })
      {
        members.append((key: "ContinuePushOffline", value: ["plateid": .integer(number), "continue": 1]))
      }
      return CameraAnswer(
        status: 200,
        body: JSONValue.object([(key: "Response_AlarmInfoPlate", value: .object(members))]).encoded()
      )
    }
  }

  /// `plateid` counts from the start of the camera: the time keeps it apart from the same number of an earlier run.
  private static func identity(_ alarm: JSONValue, _ result: JSONValue) -> String? {
    guard let number = result.whole("plateid") else { return nil }
    let seconds = result.whole("timeStamp", "Timeval", "sec") ?? 0
    return "\(alarm.text("serialno") ?? "")/\(seconds)/\(number)"
  }

  private static func seen(_ result: JSONValue) -> Timestamp? {
    guard let seconds = result.whole("timeStamp", "Timeval", "sec"), (1...253_402_300_799).contains(seconds)
    else {
      return nil
    }
    let microseconds = result.whole("timeStamp", "Timeval", "usec") ?? 0
    return Timestamp(milliseconds: seconds * 1_000 + min(max(microseconds, 0), 999_999) / 1_000)
  }
}
