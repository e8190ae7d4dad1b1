import CEdit

/// libedit on the terminal: editing, history, completion with the tabulator.
@safe final class LineEditor {
  private let editor: OpaquePointer
  private let history: OpaquePointer
  /// The words that may follow what is typed: given the words before and the beginning of the last.
  private let completions: (_ before: [String], _ beginning: String) -> [String]
  private static let lines: Int32 = 500

  /// Nil where the terminal cannot do it.
  init?(completions: @escaping ([String], String) -> [String]) {
    self.completions = completions
    guard let history = unsafe gh_history_init(Self.lines) else { return nil }
    guard
      let editor = unsafe gh_el_init(history, { editor, _ in unsafe LineEditor.complete(editor) })
    else {
      unsafe history_end(history)
      return nil
    }
    unsafe self.history = history
    unsafe self.editor = editor
    unsafe gh_el_set_client(editor, Unmanaged.passUnretained(self).toOpaque())
  }

  deinit {
    unsafe el_end(editor)
    unsafe history_end(history)
  }

  /// The next line without its line feed; nil at the end of the input.
  func next() -> String? {
    var count: Int32 = 0
    guard let text = unsafe el_gets(editor, &count), count > 0 else { return nil }
    var line = unsafe String(cString: text)
    while line.last?.isNewline == true { line.removeLast() }
    if !line.isEmpty { unsafe gh_history_enter(history, line) }
    return line
  }

  /// `el_set(EL_ADDFN)`'s function: puts in what all completions begin with, or lists them.
  private static func complete(_ raw: OpaquePointer?) -> UInt8 {
    guard let raw = unsafe raw, let client = unsafe gh_el_client(raw) else { return UInt8(CC_ERROR) }
    let own = unsafe Unmanaged<LineEditor>.fromOpaque(client).takeUnretainedValue()
    guard let line = unsafe el_line(raw) else { return UInt8(CC_ERROR) }
    let count = unsafe line.pointee.cursor - line.pointee.buffer
    let bytes = unsafe UnsafeBufferPointer(start: line.pointee.buffer, count: count)
    let typed = unsafe String(decoding: bytes.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    var words = typed.split(separator: " ").map(String.init)
    let beginning = typed.last == " " || words.isEmpty ? "" : words.removeLast()
    let found = own.completions(words, beginning)
    guard let first = found.first else { return UInt8(CC_ERROR) }
    let common = found.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
    let added = String(common.dropFirst(beginning.count)) + (found.count == 1 ? " " : "")
    if !added.isEmpty {
      unsafe el_insertstr(raw, added)
      return UInt8(CC_REFRESH)
    }
    StandardOutput.write("\n" + found.joined(separator: "  "))
    return UInt8(CC_REDISPLAY)
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
