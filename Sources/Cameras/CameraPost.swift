import Messages

/// What a camera sent, before anybody has understood it.
public struct CameraPost: Sendable {
  /// What follows the format's name in the path, without slashes at its ends.
  public var subject: String
  public var contentType: String
  public var body: [UInt8]

  public init(subject: String = "", contentType: String, body: [UInt8]) {
    self.subject = subject
    self.contentType = contentType
    self.body = body
  }
}

/// What the camera is told.
public struct CameraAnswer: Sendable, Equatable {
  /// The HTTP status.
  public var status: UInt32
  public var contentType: String
  public var body: [UInt8]

  public init(status: UInt32, contentType: String = "application/json", body: [UInt8] = []) {
    self.status = status
    self.contentType = contentType
    self.body = body
  }
}

extension CameraAnswer {
  init(status: UInt32, error: String) {
    self.init(status: status, body: JSONValue.object([(key: "error", value: .string(error))]).encoded())
  }
}
