/// What a person who sees the leaf from afar orders again and again for as long as it shall move: a button without a wire.
///
/// Each order is good for ``Limits/holdOrder``. One that follows a silence may begin a motion; those that follow it can
/// only keep it: whoever holds on after a stop must let go first.
struct HoldOrder {
  private var direction = Direction.opening
  private var until = Instant.zero
  private var isOn = false
  private var isFresh = false

  @_noLocks init() {}

  /// Nothing was ordered for so long that a new order is a new wish.
  @_noLocks
  func isOver(_ now: Instant) -> Bool { now >= until }

  /// In this scan.
  @_noLocks
  func holds(_ direction: Direction) -> Bool { isOn && self.direction == direction }

  /// Pressed in this scan.
  @_noLocks
  func begins(_ direction: Direction) -> Bool { isFresh && holds(direction) }

  /// Obeyed or refused, it is held on to.
  @_noLocks
  mutating func press(_ direction: Direction, isObeyed: Bool, issued: Instant, _ now: Instant) {
    isFresh = isObeyed && isOver(now)
    if isFresh { self.direction = direction }
    isOn = isObeyed
    until = (issued < now ? issued : now) + Limits.holdOrder
  }

  @_noLocks
  mutating func letGo() {
    until = .zero
    isOn = false
    isFresh = false
  }

  /// Once a scan, before the buttons are asked.
  @_noLocks
  mutating func follow(_ now: Instant) {
    if isOver(now) { letGo() }
  }

  /// Once a scan, after that: what has begun is not fresh any more.
  @_noLocks
  mutating func grow() { isFresh = false }
}
