/// The bounds of what is taken from a camera. Everything larger is refused with a reason.
public enum CameraLimits {
  /// The largest post, pictures and all.
  public static var bodyBytes: Int { 2 << 20 }
  /// Connections at once, and from one address.
  public static var connections: UInt32 { 32 }
  public static var connectionsPerAddress: UInt32 { 16 }
  /// Request line and headers of one connection.
  public static var connectionMemory: Int { 32 << 10 }
  /// A connection that is silent for so long is closed.
  public static var idleSeconds: UInt32 { 10 }
  /// A post that has not arrived whole after so long is dropped, however it trickles.
  public static var postMilliseconds: UInt64 { 30_000 }
  /// How long the controller may take to answer one reading.
  public static var decisionMilliseconds: UInt64 { 2_000 }
  public static var multipartParts: Int { 32 }
  public static var partHeaderBytes: Int { 4_096 }
  public static var elementDepth: Int { 32 }
  public static var elements: Int { 4_096 }
  /// Text within one element.
  public static var elementBytes: Int { 4_096 }
  /// Plates in one post.
  public static var readings: Int { 8 }
  public static var candidates: Int { 8 }
  /// The longest plate, in UTF-8 bytes.
  public static var plateBytes: Int { 64 }
  /// The longest id of a recognition, in UTF-8 bytes.
  public static var identityBytes: Int { 128 }
  /// Recognitions remembered for a camera that sends one again.
  public static var remembered: Int { 2_048 }
  public static var rememberedMilliseconds: UInt64 { 600_000 }
}
