import Platform

/// Where a controller keeps its things, and who guards it.
public struct ControllerOptions: Sendable {
  /// `gatehouse.db`, `list.db`.
  public var stateDirectory: String
  /// `ingress.sock`, `control.sock`, `gpio/`.
  public var runDirectory: String
  /// The process that the controller must not outlive.
  var guardProcess: Int32

  public init(stateDirectory: String = "/var/lib/gatehouse", runDirectory: String = "/run/gatehouse") {
    self.stateDirectory = stateDirectory
    self.runDirectory = runDirectory
    guardProcess = ForkedProcess.own
  }
}
