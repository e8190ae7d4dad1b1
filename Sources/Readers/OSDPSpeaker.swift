import Glibc
import Platform
import Synchronization

/// The readers on one OSDP line, polled in turn by the one panel that speaks there.
final class OSDPSpeaker: LineSpeaker {
  struct Member: Sendable {
    var reader: String
    /// `card` or `pin`: what of the reader counts.
    var kind: String
    var address: UInt8
    var key: [UInt8]?
  }

  private let members: [Member]
  private let installUntil: UInt64
  private let courier: ReadingCourier
  private let note: @Sendable (String) -> Void
  /// What readers shall show, by their name; put there by the courier's thread.
  private let shown = Mutex<[String: Bool]>([:])

  /// - Parameter installUntil: milliseconds of the monotonic clock.
  init(
    members: [Member], installUntil: UInt64, courier: ReadingCourier,
    note: @escaping @Sendable (String) -> Void
  ) {
    self.members = members
    self.installUntil = installUntil
    self.courier = courier
    self.note = note
  }

  /// Lets the reader show what was decided; for readers of other lines it does nothing.
  func show(reader: String, granted: Bool) {
    guard members.contains(where: { $0.reader == reader }) else { return }
    shown.withLock { $0[reader] = granted }
  }

  func speak(on port: SerialPort, isStopped: () -> Bool) throws(SystemError) {
    let now = milliseconds()
    var panels = members.map {
      OSDPPanel(address: $0.address, key: $0.key, installUntil: installUntil, now: now)
    }
    var framer = OSDPFramer()
    while !isStopped() {
      guard let place = panels.indices.min(by: { panels[$0].due < panels[$1].due }) else { return }
      let now = milliseconds()
      guard panels[place].due <= now else {
        MonotonicClock.sleep(milliseconds: min(panels[place].due - now, 10))
        try discard(port)
        continue
      }
      if let granted = shown.withLock({ $0.removeValue(forKey: members[place].reader) }) {
        panels[place].show(granted: granted)
      }
      try exchange(port, &framer, &panels[place], members[place])
    }
  }

  /// One command and its reply, or its silence.
  private func exchange(
    _ port: SerialPort, _ framer: inout OSDPFramer, _ panel: inout OSDPPanel, _ member: Member
  ) throws(SystemError) {
    let (command, events) = panel.command(now: milliseconds())
    act(events, member)
    guard let command else { return }
    try discard(port)
    framer.clear()
    // A mark before the frame wakes the line's drivers and receivers.
    try port.writeAll([0xFF] + command)
    let deadline = milliseconds() + ReadersLimits.replyMilliseconds
    while panel.isWaiting {
      let now = milliseconds()
      guard now < deadline else {
        act(panel.silence(now: now), member)
        return
      }
      guard try Poll.wait(port.raw, for: .read, milliseconds: Int32(deadline - now)) else { continue }
      guard let bytes = try port.read() else { continue }
      guard !bytes.isEmpty else { throw SystemError(call: "read", code: EIO) }
      framer.feed(bytes)
      while panel.isWaiting, let frame = framer.next() { act(panel.take(frame, now: milliseconds()), member) }
    }
  }

  /// Throws away what nobody asked for.
  private func discard(_ port: SerialPort) throws(SystemError) {
    while let bytes = try port.read() {
      guard !bytes.isEmpty else { throw SystemError(call: "read", code: EIO) }
    }
  }

  private func act(_ events: [OSDPEvent], _ member: Member) {
    for event in events {
      switch event {
      case .card(let text):
        guard member.kind == "card" else { break }
        courier.submit(Reading(reader: member.reader, credential: "card:\(text)"))
      case .pin(let digits):
        guard member.kind == "pin" else { break }
        courier.submit(Reading(reader: member.reader, credential: "pin:\(digits)"))
      case .online(let secure): note("\(member.reader): online, \(secure ? "secure channel" : "plain text")")
      case .offline: note("\(member.reader): offline")
      case .damagedCard: note("\(member.reader): a damaged card frame, which counts for nothing")
      case .refused(let why): note("\(member.reader): not spoken to: \(why)")
      }
    }
  }
}
