import Messages

/// One maker's way to tell of a plate, and what its camera wants to hear back.
///
/// A new format is one file with a value of this type, and its name in ``all``.
public struct CameraFormat: Sendable {
  /// The last part of the path that the camera posts to.
  public let name: String
  let read: @Sendable (CameraPost) throws(CameraFault) -> [CameraNotice]
  /// What the camera hears once the controller has decided, in the order of the plates that it was asked about.
  let answer: @Sendable ([CameraNotice], [IngressReply]) -> CameraAnswer

  public static var all: [CameraFormat] {
    [.hikvision, .dahua, .vzenith, .plateRecognizer, .openALPR, .plain]
  }

  public static func named(_ name: some StringProtocol) -> CameraFormat? {
    all.first { $0.name == name }
  }
}
