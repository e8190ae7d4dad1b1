import Platform
import Shell

/// The program `gatehouse`: the shell, and what it can do without a controller.
enum GatehouseProgram {
  static func run(_ arguments: [String]) -> Int32 {
    SignalWait.ignoreBrokenPipes()
    return TechnicianShell(table: .standard(offline: .local, more: [.demo])).run(arguments)
  }
}
