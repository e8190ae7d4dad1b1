import Messages
import Platform

/// The allow-list.
extension Verb {
  /// Bytes of CSV in one request: with every byte escaped it still fits a line.
  private static var chunk: Int { 24 << 10 }
  /// The largest file taken: two million rows of 120 bytes.
  private static var fileBytes: Int { 240 << 20 }

  public static let listing: [Verb] = [
    Verb(
      "list import", "FILE [--merge] [--skip-bad]",
      help: "a new list from a CSV file; --merge adds and changes",
      role: .administrator, flags: ["--merge", "--skip-bad"], words: 1...1
    ) { call throws(ShellFault) in
      let bytes: [UInt8]
      do throws(SystemError) {
        bytes = try Files.read(call.words.free[0], limit: fileBytes)
      } catch {
        throw .misuse("\(error)")
      }
      return try importList(
        bytes, merge: call.words.has("--merge"), skipBad: call.words.has("--skip-bad"), call)
    },
    Verb("list export", help: "the list as CSV", role: .administrator) { call throws(ShellFault) in
      try export(call)
    },
    Verb("list lookup", "KIND:VALUE", help: "one row of the list", role: .technician, words: 1...1) {
      call throws(ShellFault) in
      let row = try call.transport.ask("list.lookup", ["credential": .string(call.words.free[0])])
      call.console.tell(row)
      guard !row.isNull else {
        call.console.say("\(call.words.free[0]) is not in the list")
        return 1
      }
      for member in row.objectValue ?? [] where !member.value.isNull {
        let names = member.value.arrayValue?.compactMap(\.stringValue)
        let value =
          names.map { $0.isEmpty ? "-" : $0.joined(separator: " ") }
          ?? member.value.stringValue ?? member.value.text
        call.console.say(StatusText.wrapped(DisplayWidth.padded(member.key, to: 13), value))
      }
      if row.objectValue == nil { call.console.say(row.stringValue ?? row.text) }
      return 0
    },
  ]

  private static func importList(
    _ bytes: [UInt8], merge: Bool, skipBad: Bool, _ call: Call
  ) throws(ShellFault) -> Int32 {
    let begun = try call.transport.ask("list.begin", ["merge": .bool(merge), "skip_bad": .bool(skipBad)])
    guard let number = begun["import"] else { throw .unreachable("list.begin: the answer names no import") }
    var rest = bytes[...]
    while !rest.isEmpty {
      var end = min(rest.startIndex + chunk, rest.endIndex)
      // Never in the middle of a UTF-8 sequence.
      while end < rest.endIndex, end > rest.startIndex + 1, rest[end] & 0xC0 == 0x80 { end -= 1 }
      let part = String(decoding: rest[..<end], as: UTF8.self)
      _ = try call.transport.ask("list.rows", ["import": number, "text": .string(part)])
      rest = rest[end...]
    }
    let result = try call.transport.ask("list.commit", ["import": number])
    call.console.tell(result)
    let skipped = result["skipped"]?.arrayValue ?? []
    for fault in skipped {
      call.console.say(
        "skipped line \(fault["line"]?.integerValue ?? 0): \(fault["text"]?.stringValue ?? fault.text)")
    }
    call.console.say(
      "list version \(result["version"]?.integerValue ?? 0) with \(result["count"]?.integerValue ?? 0) credentials"
        + (skipped.isEmpty ? "" : ", \(skipped.count) lines skipped"))
    return 0
  }

  private static func export(_ call: Call) throws(ShellFault) -> Int32 {
    call.console.say("credential,holder,groups,valid_from,valid_until,uses,flags")
    var after: Int64 = 0
    while true {
      let part = try call.transport.ask("list.export", ["after_row": .integer(after), "limit": 200])
      for row in part["rows"]?.arrayValue ?? [] {
        call.console.say(row.stringValue ?? row.text)
        call.console.tell(["row": row])
      }
      guard let next = part["next"]?.integerValue, next > after else { return 0 }
      after = next
    }
  }
}
