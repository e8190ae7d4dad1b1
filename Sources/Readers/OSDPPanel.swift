/// What a reader on an OSDP line brings about.
enum OSDPEvent: Equatable {
  case online(secure: Bool)
  case offline
  /// `raw/26/1234ABC`
  case card(String)
  /// The digits, without the key that ended them.
  case pin(String)
  /// A card frame that cannot be one.
  case damagedCard
  /// Why the session was not begun.
  case refused(String)
}

/// The panel's side of one reader: what to say next, and what an answer means. It touches no line and asks no clock.
///
/// The owner asks ``command(now:)`` when ``due`` has come, sends the bytes, and then either calls ``take(_:now:)`` for
/// each frame until ``isWaiting`` is false, or ``silence(now:)`` when the reply time is over. All times are
/// milliseconds of one monotonic clock.
struct OSDPPanel {
  enum State: Equatable {
    case idle
    case identifying
    case challenging(panelNumber: [UInt8])
    case authenticating
    case online
  }

  struct Outstanding {
    var frame: OSDPFrame
    var bytes: [UInt8]
    var tries = 0
  }

  let address: UInt8
  /// SCBK, 16 bytes; nil speaks plain text.
  let key: [UInt8]?
  /// Until then, plain text and the default key are spoken.
  let installUntil: UInt64
  private let random: @Sendable (Int) -> [UInt8]

  var state = State.idle
  var session: OSDPSession?
  var outstanding: Outstanding?
  var wanted: [OSDPFrame] = []
  var pin = PINEntry()
  /// When ``command(now:)`` has something to say.
  private(set) var due: UInt64
  /// A command is out and its reply may still come.
  private(set) var isWaiting = false
  private var sequence: UInt8 = 0
  private var lastHeard: UInt64
  private var announced: Bool?
  private var windowClosed = false

  init(
    address: UInt8, key: [UInt8]?, installUntil: UInt64, now: UInt64,
    random: @escaping @Sendable (Int) -> [UInt8] = { SecureRandom.bytes($0) }
  ) {
    self.address = address
    self.key = key
    self.installUntil = installUntil
    self.random = random
    due = now
    lastHeard = now
  }

  /// Whether what protects this reader is no secret.
  private var needsWindow: Bool { key == nil || key == OSDPSession.defaultKey }

  /// The bytes to send now; nil where nothing is due.
  mutating func command(now: UInt64) -> (bytes: [UInt8]?, events: [OSDPEvent]) {
    if needsWindow, now >= installUntil { return (nil, closeWindow()) }
    guard now >= due else { return (nil, []) }
    isWaiting = true
    if let outstanding { return (outstanding.bytes, []) }
    var frame = nextFrame()
    frame.sequence = sequence
    let bytes = state == .online ? session?.seal(frame) ?? frame.encoded() : frame.encoded()
    outstanding = Outstanding(frame: frame, bytes: bytes)
    return (bytes, [])
  }

  private mutating func nextFrame() -> OSDPFrame {
    var frame = OSDPFrame(address: address, sequence: 0, code: OSDPCommand.poll)
    switch state {
    case .idle:
      sequence = 0
      state = .identifying
      frame.code = OSDPCommand.identify
      frame.data = [0]
    case .identifying, .challenging:
      let number = random(8)
      state = .challenging(panelNumber: number)
      frame.code = OSDPCommand.challenge
      frame.security = [OSDPSecurity.challenge, keyMark]
      frame.data = number
    case .authenticating:
      frame.code = OSDPCommand.serverCryptogram
      frame.security = [OSDPSecurity.serverCryptogram, keyMark]
      frame.data = session?.serverCryptogram ?? []
    case .online:
      if !wanted.isEmpty { frame = wanted.removeFirst() }
    }
    return frame
  }

  /// Which key a handshake is about: 0 the default one, 1 the reader's own.
  private var keyMark: UInt8 { key == OSDPSession.defaultKey ? 0 : 1 }

  /// Takes a frame from the line; one that is not the reply waited for changes nothing.
  mutating func take(_ bytes: [UInt8], now: UInt64) -> [OSDPEvent] {
    guard isWaiting, let outstanding, var frame = try? OSDPFrame(bytes), frame.isReply,
      frame.address == address,
      frame.sequence == outstanding.frame.sequence
    else { return [] }
    if frame.code == OSDPReply.busy, frame.security == nil {
      isWaiting = false
      due = now + ReadersLimits.pollMilliseconds
      return tellOffline(now: now)
    }
    if state == .online, session != nil, !(frame.code == OSDPReply.nak && frame.security == nil) {
      guard let opened = try? session?.open(bytes) else { return [] }
      frame = opened
    }
    lastHeard = now
    isWaiting = false
    self.outstanding = nil
    sequence = sequence % 3 + 1
    due = state == .online ? now + ReadersLimits.pollMilliseconds : now
    return understand(frame, now: now)
  }

  /// The reply time is over.
  mutating func silence(now: UInt64) -> [OSDPEvent] {
    isWaiting = false
    due = now
    outstanding?.tries += 1
    // One that is known to be away costs the others on its line no more than it must.
    let isAway = announced == false
    if let tries = outstanding?.tries, isAway || tries >= ReadersLimits.tries {
      beginAgain(now: now)
      if isAway { due = now + ReadersLimits.awayMilliseconds }
    }
    return tellOffline(now: now)
  }

  /// Once, when nothing but silence and excuses has come for too long; a session is begun anew then.
  private mutating func tellOffline(now: UInt64) -> [OSDPEvent] {
    guard now >= lastHeard + ReadersLimits.offlineMilliseconds, announced != false else { return [] }
    announced = false
    beginAgain(now: now)
    return [.offline]
  }

  /// Forgets the session; the next command begins a new one.
  mutating func beginAgain(now: UInt64) {
    state = .idle
    session = nil
    outstanding = nil
    wanted = []
    due = now + ReadersLimits.sessionMilliseconds
  }

  mutating func becomeOnline() -> [OSDPEvent] {
    state = .online
    guard announced != true else { return [] }
    announced = true
    return [.online(secure: session != nil)]
  }

  private mutating func closeWindow() -> [OSDPEvent] {
    due = .max
    isWaiting = false
    guard !windowClosed else { return [] }
    windowClosed = true
    beginAgain(now: 0)
    due = .max
    let why = key == nil ? "it has no key_file" : "its key is the default one, known to everybody"
    return [.refused("\(why), and no install window is open")]
  }
}
