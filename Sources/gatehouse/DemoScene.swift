import ControlCore
import Messages
import Platform

/// One thing that happens at one point, with the promise that it shows.
struct DemoScene: Sendable {
  var promise: String
  /// How long it takes; it is left out where less than that remains.
  var seconds: Double
  var play: @Sendable (DemoStage) throws(DemoFault) -> Void

  init(
    _ promise: String, seconds: Double, play: @escaping @Sendable (DemoStage) throws(DemoFault) -> Void
  ) {
    self.promise = promise
    self.seconds = seconds
    self.play = play
  }

  /// Plays and settles the promise.
  func perform(_ stage: DemoStage) {
    do throws(DemoFault) {
      try play(stage)
      stage.ledger.settle(promise, .kept)
    } catch {
      stage.ledger.settle(promise, .broken("\(error)"))
    }
  }

  /// Plays one scene after the other until `end`, in seconds of the demo. A scene that no longer fits is left out, and
  /// with it those behind it, which may build on it.
  static func perform(_ scenes: [DemoScene], on stage: DemoStage, until end: Double) {
    var fits = true
    for scene in scenes {
      fits = fits && stage.elapsed + scene.seconds <= end
      if fits {
        scene.perform(stage)
      } else {
        stage.ledger.settle(scene.promise, .leftOut)
      }
    }
  }
}
