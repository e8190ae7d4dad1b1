import Messages

/// Hands a whole, checked list version to the controller, which takes all of it or nothing.
struct ListImport {
  let control: ControlClient

  func apply(_ rows: String, head: UplinkListPart) throws(MessageFault) {
    do throws(ControlClient.Failure) {
      let current = try control.ask("status")["list"]?["version"]?.integerValue ?? 0
      guard head.version > current else {
        throw .refused("version \(head.version) is not higher than \(current), which is in force")
      }
      if let base = head.base, base != current {
        throw .refused("it changes version \(base), and \(current) is in force: send the whole list")
      }
      let begun = try control.ask(
        "list.begin",
        [
          "merge": .bool(head.base != nil), "skip_bad": false, "version": .integer(head.version),
        ])
      guard let id = begun["import"], !id.isNull else { throw .unreachable("list.begin gave no import") }
      for chunk in Self.chunks(Array(rows.utf8)) {
        _ = try control.ask("list.rows", ["import": id, "text": .string(chunk)])
      }
      _ = try control.ask("list.commit", ["import": id])
    } catch {
      throw MessageFault(error.description)
    }
  }

  /// Pieces of text, none cut inside a character.
  static func chunks(_ bytes: [UInt8]) -> [String] {
    var chunks: [String] = []
    var start = 0
    while start < bytes.count {
      var end = min(start + UplinkLimits.rowsBytes, bytes.count)
      while end < bytes.count, end > start, bytes[end] & 0xC0 == 0x80 { end -= 1 }
      chunks.append(String(decoding: bytes[start..<end], as: UTF8.self))
      start = end
    }
    return chunks
  }
}
