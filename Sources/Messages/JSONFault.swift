/// Why bytes are not the JSON that was asked for, and where.
public struct JSONFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// Bytes from the start.
  public var offset: Int
  public var text: String

  public init(offset: Int, text: String) {
    self.offset = offset
    self.text = text
  }

  public var description: String { "not JSON at byte \(offset): \(text)" }
}
