import Glibc
import Platform

/// A scanner that prints a line for each code.
struct ScannerSpeaker: LineSpeaker {
  let reader: String
  /// Of the credential: `qr` or `card`.
  let kind: String
  let courier: ReadingCourier
  let note: @Sendable (String) -> Void

  func speak(on port: SerialPort, isStopped: () -> Bool) throws(SystemError) {
    var framing = ScannerFraming()
    var dropped = 0
    while !isStopped() {
      guard try Poll.wait(port.raw, for: .read, milliseconds: 100) else { continue }
      guard let bytes = try port.read() else { continue }
      guard !bytes.isEmpty else { throw SystemError(call: "read", code: EIO) }
      for code in framing.take(bytes, now: milliseconds()) {
        courier.submit(Reading(reader: reader, credential: "\(kind):\(code)"))
      }
      if framing.dropped > dropped {
        dropped = framing.dropped
        note("\(reader): a code was cut off, too long or no text, and counts for nothing")
      }
    }
  }
}
