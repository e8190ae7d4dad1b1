/// One debounced input as a machine sees it.
enum Reading: UInt8 {
  /// The point has no such sensor.
  case absent
  /// Never read, or not to be believed now.
  case unknown
  case off
  case on

  @_noLocks static func == (left: Self, right: Self) -> Bool { left.rawValue == right.rawValue }

  var isOn: Bool { @_noLocks get { self == .on } }
  var isOff: Bool { @_noLocks get { self == .off } }
  var isUnknown: Bool { @_noLocks get { self == .unknown } }
  var isFitted: Bool { @_noLocks get { !(self == .absent) } }
  /// A presence sensor that cannot be believed counts as somebody there.
  var isPresence: Bool { @_noLocks get { self == .on || self == .unknown } }
}
