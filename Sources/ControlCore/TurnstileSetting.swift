/// A tripod or a full-height turnstile: one release lets one person through, the rotor's sensor proves it.
public struct TurnstileSetting: Sendable, Equatable {
  /// The way of an operator's opening.
  public var direction: Side = .in
  /// Each way has a release of its own; at least one is there. The two are never given together, except to free it.
  public var releaseIn: OutputIndex?
  public var releaseOut: OutputIndex?
  /// Drops the arms, or lets the rotor run both ways; ``fail`` says by which level. Without it an emergency plan holds
  /// both releases.
  public var free: OutputIndex?
  /// `safe`: free without power, energised while the arms are up. `secure`: energised to free.
  public var fail: FailMode = .safe
  /// A pulse that the turnstile's own board keeps until the rotor has turned, or an output held until then.
  public var style: DriveStyle = .pulse
  /// On for a moment each time that the rotor has turned this way.
  public var rotationIn: InputIndex?
  public var rotationOut: InputIndex?
  /// The same for a rotor that does not tell the way: it is taken to be the way that was released.
  public var rotation: InputIndex?
  public var exitButton: InputIndex?
  public var tamper: InputIndex?
  public var pulse = Interval.milliseconds(300)
  /// A release that nobody used for so long is taken back; no shorter than the turnstile's own time.
  public var entry = Interval.seconds(5)
  /// The rotor comes to rest before the next person is let through.
  public var settle = Interval.milliseconds(300)
  /// A rotation that does not end for so long is a fault: the rotor stands half-way, or the sensor is stuck.
  public var stuck = Interval.seconds(10)
  /// The exit button works in lockdown.
  public var exitInLockdown = true

  public init(releaseIn: OutputIndex? = nil, releaseOut: OutputIndex? = nil) {
    self.releaseIn = releaseIn
    self.releaseOut = releaseOut
  }
}

extension TurnstileSetting {
  var outputs: [OutputIndex] { [releaseIn, releaseOut, free].compactMap { $0 } }

  var inputs: [InputIndex] {
    [rotationIn, rotationOut, rotation, exitButton, tamper].compactMap { $0 }
  }

  /// A release without a sensor that proves its way would count nobody.
  var provesItsPassages: Bool {
    if rotation != nil { return releaseIn != nil || releaseOut != nil }
    return (releaseIn == nil || rotationIn != nil) && (releaseOut == nil || rotationOut != nil)
      && (releaseIn != nil || releaseOut != nil)
  }

  @_noLocks
  func release(_ side: Side) -> OutputIndex? { side == .in ? releaseIn : releaseOut }
}
