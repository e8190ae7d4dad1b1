import CExpat

/// The leaves of an XML document: the path of local names from below the root, and the text.
///
/// Read by expat. A document type is refused at once: entities that grow, and references to files, begin with one.
struct XMLOutline {
  private(set) var root = ""
  private var leaves: [String: String] = [:]

  /// - Throws: ``CameraFault`` with expat's own text and the line where it stopped.
  init(_ bytes: [UInt8]) throws(CameraFault) {
    guard let parser = unsafe XML_ParserCreate(nil) else { throw CameraFault("expat has no memory") }
    defer { unsafe XML_ParserFree(parser) }
    let reader = unsafe XMLOutlineReader(parser: parser)
    let context = unsafe Unmanaged.passUnretained(reader).toOpaque()
    unsafe XML_SetUserData(parser, context)
    unsafe XML_SetElementHandler(
      parser,
      { context, name, _ in unsafe XMLOutlineReader.from(context).open(unsafe String(cString: name!)) },
      { context, _ in unsafe XMLOutlineReader.from(context).close() })
    unsafe XML_SetCharacterDataHandler(parser) { context, text, count in
      let bytes = unsafe UnsafeBufferPointer(start: text, count: Int(count))
      unsafe XMLOutlineReader.from(context).take(bytes.map { UInt8(bitPattern: $0) })
    }
    unsafe XML_SetStartDoctypeDeclHandler(parser) { context, _, _, _, _ in
      unsafe XMLOutlineReader.from(context).stop("a document type is not taken")
    }
    let status = withExtendedLifetime(reader) {
      unsafe bytes.withUnsafeBytes { buffer in
        unsafe XML_Parse(parser, buffer.bindMemory(to: CChar.self).baseAddress, Int32(buffer.count), 1)
      }
    }
    if let refusal = reader.refusal { throw CameraFault("XML: \(refusal)") }
    guard status == XML_STATUS_OK else {
      let text = unsafe XML_ErrorString(XML_GetErrorCode(parser)).map { unsafe String(cString: $0) }
      throw CameraFault(
        "XML: \(text ?? "not well formed") in line \(unsafe XML_GetCurrentLineNumber(parser))")
    }
    root = reader.root
    leaves = reader.leaves
  }

  /// The text at a path of local names from below the root: `ANPR/licensePlate`. The first, where several stand there.
  subscript(path: String) -> String? { leaves[path] }
}

/// What expat's callbacks fill.
@safe private final class XMLOutlineReader {
  private let parser: XML_Parser
  private var path: [String] = []
  private var text: [UInt8] = []
  private var count = 0
  var root = ""
  var leaves: [String: String] = [:]
  var refusal: String?

  init(parser: XML_Parser) {
    unsafe self.parser = parser
  }

  static func from(_ context: UnsafeMutableRawPointer?) -> XMLOutlineReader {
    unsafe Unmanaged<XMLOutlineReader>.fromOpaque(context!).takeUnretainedValue()
  }

  func stop(_ why: String) {
    refusal = refusal ?? why
    _ = unsafe XML_StopParser(parser, XML_Bool(XML_FALSE))
  }

  func open(_ name: String) {
    let local = String(name.split(separator: ":").last ?? "")
    count += 1
    guard count <= CameraLimits.elements else { return stop("more than \(CameraLimits.elements) elements") }
    guard path.count < CameraLimits.elementDepth else {
      return stop("more than \(CameraLimits.elementDepth) levels deep")
    }
    if path.isEmpty { root = local }
    path.append(local)
    text.removeAll(keepingCapacity: true)
  }

  func take(_ bytes: [UInt8]) {
    guard text.count + bytes.count <= CameraLimits.elementBytes else {
      return stop("more than \(CameraLimits.elementBytes) bytes of text in one element")
    }
    text += bytes
  }

  func close() {
    let key = path.dropFirst().joined(separator: "/")
    if leaves[key] == nil {
      let words = String(decoding: text, as: UTF8.self).split { $0.isWhitespace }
      leaves[key] = words.joined(separator: " ")
    }
    _ = path.popLast()
    text.removeAll(keepingCapacity: true)
  }
}
