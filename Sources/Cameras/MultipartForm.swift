/// The parts of a multipart body (RFC 2046, RFC 7578), cut at its boundary and not looked into.
struct MultipartForm {
  struct Part: Equatable {
    var name = ""
    var fileName = ""
    var contentType = ""
    var body: [UInt8] = []
  }

  private(set) var parts: [Part] = []

  /// The boundary of a multipart content type; nil for any other type.
  static func boundary(contentType: String) -> String? {
    guard contentType.lowercased().hasPrefix("multipart/") else { return nil }
    return parameter("boundary", of: contentType)
  }

  /// - Throws: ``CameraFault`` where the body does not end with its closing boundary, or has too many parts.
  init(_ body: [UInt8], boundary: String) throws(CameraFault) {
    // RFC 2046, 5.1.1: 1 to 70 characters.
    guard (1...70).contains(boundary.utf8.count) else {
      throw CameraFault("the boundary is not 1 to 70 bytes")
    }
    let mark = Array("--\(boundary)".utf8)
    guard var place = Self.find(mark, in: body, from: 0) else {
      throw CameraFault("the boundary does not occur")
    }
    while true {
      place += mark.count
      if body[place...].starts(with: Array("--".utf8)) { return }
      guard let start = Self.lineEnd(body, place) else { throw CameraFault("the form is cut off") }
      guard let next = Self.find(mark, in: body, from: start) else {
        throw CameraFault("the form is cut off")
      }
      guard parts.count < CameraLimits.multipartParts else {
        throw CameraFault("more than \(CameraLimits.multipartParts) parts")
      }
      parts.append(try Self.part(body[start..<max(start, Self.withoutLineEnd(body, next))]))
      place = next
    }
  }

  func first(where matches: (Part) -> Bool) -> Part? { parts.first(where: matches) }

  private static func part(_ bytes: ArraySlice<UInt8>) throws(CameraFault) -> Part {
    var part = Part()
    var rest = bytes
    while let end = rest.firstIndex(of: 0x0A) {
      guard end - bytes.startIndex <= CameraLimits.partHeaderBytes else { break }
      var line = rest[..<end]
      if line.last == 0x0D { line.removeLast() }
      rest = rest[(end + 1)...]
      if line.isEmpty {
        part.body = Array(rest)
        return part
      }
      part.take(header: String(decoding: line, as: UTF8.self))
    }
    throw CameraFault("a part's headers do not end")
  }

  /// Where the line after `place` begins; only white space may stand before its end.
  private static func lineEnd(_ body: [UInt8], _ place: Int) -> Int? {
    var place = place
    while place < body.count {
      if body[place] == 0x0A { return place + 1 }
      guard body[place] == 0x0D || body[place] == 0x20 || body[place] == 0x09 else { return nil }
      place += 1
    }
    return nil
  }

  private static func withoutLineEnd(_ body: [UInt8], _ place: Int) -> Int {
    guard place > 0, body[place - 1] == 0x0A else { return place }
    return place > 1 && body[place - 2] == 0x0D ? place - 2 : place - 1
  }

  private static func find(_ mark: [UInt8], in body: [UInt8], from start: Int) -> Int? {
    var place = start
    while place + mark.count <= body.count {
      guard let hit = body[place...(body.count - mark.count)].firstIndex(of: mark[0]) else { return nil }
      if body[hit..<(hit + mark.count)].elementsEqual(mark) { return hit }
      place = hit + 1
    }
    return nil
  }

  /// `name=value` or `name="value"` behind a header's first semicolon.
  fileprivate static func parameter(_ name: String, of header: String) -> String? {
    for piece in header.split(separator: ";").dropFirst() {
      let pair = piece.split(separator: "=", maxSplits: 1).map { Self.trimmed($0) }
      if pair.count == 2, pair[0].lowercased() == name {
        return pair[1].count >= 2 && pair[1].hasPrefix("\"") && pair[1].hasSuffix("\"")
          ? String(pair[1].dropFirst().dropLast()) : pair[1]
      }
    }
    return nil
  }

  fileprivate static func trimmed(_ text: Substring) -> String {
    var text = text
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}

extension MultipartForm.Part {
  fileprivate mutating func take(header: String) {
    let pair = header.split(separator: ":", maxSplits: 1)
    guard pair.count == 2 else { return }
    switch MultipartForm.trimmed(pair[0]).lowercased() {
    case "content-disposition":
      name = MultipartForm.parameter("name", of: String(pair[1])) ?? ""
      fileName = MultipartForm.parameter("filename", of: String(pair[1])) ?? ""
    case "content-type": contentType = MultipartForm.trimmed(pair[1]).lowercased()
    default: break
    }
  }
}
