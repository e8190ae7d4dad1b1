/// The bounds of what the played field takes in.
public enum SimulationLimits {
  /// Masters that may be connected at once; the next one is turned away.
  public static var connections: Int { 16 }
  /// Units behind one port.
  public static var units: Int { 247 }
  /// How long a master may take over one request, in milliseconds, before it is hung up on.
  public static var requestMilliseconds: UInt32 { 200 }
  /// Virtual hours of one run of the twin.
  public static var hours: Int { 100_000 }
}
