/// Why a post was not understood; the text goes back to the camera and to the log.
public struct CameraFault: Error, Equatable, Sendable, CustomStringConvertible {
  public var description: String

  public init(_ description: String) {
    self.description = description
  }
}
