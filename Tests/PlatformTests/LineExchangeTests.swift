import Glibc
import Platform
import Testing

@Suite struct LineExchangeTests {
  struct Case: Sendable {
    /// What the other end writes, piece by piece, before it closes.
    var pieces: [String]
    var line: String?
    var code: Int32?
  }

  @Test(arguments: [
    Case(pieces: ["yes\n"], line: "yes"), Case(pieces: ["y", "e", "s\nno\n"], line: "yes"),
    Case(pieces: ["\n"], line: ""), Case(pieces: [], code: ECONNRESET),
    Case(pieces: ["yes"], code: ECONNRESET),
    Case(pieces: [String(repeating: "y", count: 200)], code: EMSGSIZE),
  ]) func theNextLineIsTheAnswer(_ example: Case) throws {
    let directory = try TemporaryDirectory()
    let path = "\(directory.path)/socket"
    let listener = try UnixListener(path: path)
    let server = try PlatformThread.start(name: "server") {
      guard (try? Poll.wait(listener.raw, for: .read, milliseconds: 5_000)) == true,
        let connection = try? listener.accept()
      else { return }
      _ = try? Poll.wait(connection.raw, for: .read, milliseconds: 5_000)
      _ = try? connection.read()
      for piece in example.pieces { try? connection.writeAll(Array(piece.utf8)) }
    }
    defer { server.join() }
    do {
      let line = try LineExchange.ask(path: path, line: Array("ask".utf8), milliseconds: 5_000, limit: 100)
      #expect(String(decoding: line, as: UTF8.self) == example.line)
    } catch {
      #expect(error.code == example.code)
    }
  }

  @Test func silenceEnds() throws {
    let directory = try TemporaryDirectory()
    let listener = try UnixListener(path: "\(directory.path)/socket")
    let error = #expect(throws: SystemError.self) {
      _ = try LineExchange.ask(path: listener.path, line: [], milliseconds: 50)
    }
    #expect(error?.code == ETIMEDOUT)
  }
}
