public import Messages

/// One plate that a camera has read.
public struct PlateReading: Sendable, Equatable {
  /// As the camera wrote it; the controller brings it into normal form.
  public var plate: String
  /// 0 to 1; nil where the camera does not say.
  public var confidence: Double?
  public var candidates: [IngressRequest.Candidate]
  /// The camera's id of this recognition. One that comes again is the same recognition, sent again.
  public var identity: String?
  public var seenAt: Timestamp?

  /// - Throws: ``CameraFault`` where the plate is no text that could stand on a vehicle, or the confidence no share.
  public init(
    plate: String, confidence: Double? = nil, candidates: [IngressRequest.Candidate] = [],
    identity: String? = nil, seenAt: Timestamp? = nil
  ) throws(CameraFault) {
    guard !plate.isEmpty, plate.utf8.count <= CameraLimits.plateBytes else {
      throw CameraFault("a plate has 1 to \(CameraLimits.plateBytes) bytes, not \(plate.utf8.count)")
    }
    guard plate.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7F }) else {
      throw CameraFault("the plate holds control characters")
    }
    if let confidence, !(0...1).contains(confidence) {
      throw CameraFault("the confidence \(confidence) is no share of 1")
    }
    if let identity, identity.utf8.count > CameraLimits.identityBytes {
      throw CameraFault("the recognition's id is longer than \(CameraLimits.identityBytes) bytes")
    }
    self.plate = plate
    self.confidence = confidence
    self.candidates = Array(candidates.prefix(CameraLimits.candidates))
    self.identity = identity
    self.seenAt = seenAt
  }
}

/// What a post tells, one for each thing the camera saw.
public enum CameraNotice: Sendable, Equatable {
  case plate(PlateReading)
  /// A plate read earlier and kept until the camera could send it. Nobody stands at the gate for it now: nothing may
  /// move, so the controller is not asked.
  case late(PlateReading)
  /// A vehicle without a plate that could be read.
  case unreadable
  case heartbeat
}
