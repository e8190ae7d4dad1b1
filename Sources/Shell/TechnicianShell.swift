import Glibc
public import Platform

/// The technician's program: one verb from the command line, or a line editor that takes one after the other.
public struct TechnicianShell {
  private let table: VerbTable
  private let connect: (_ runDirectory: String) -> any ControlTransport
  private let write: (String) -> Void
  private let complain: (String) -> Void

  /// - Parameters:
  ///   - connect: how a run directory is spoken to.
  ///   - write: takes a line for standard output.
  ///   - complain: takes a line for standard error.
  public init(
    table: VerbTable,
    connect: @escaping (String) -> any ControlTransport = { SocketTransport(runDirectory: $0) },
    write: @escaping (String) -> Void = { StandardOutput.write($0) },
    complain: @escaping (String) -> Void = { StandardError.write($0) }
  ) {
    self.table = table
    self.connect = connect
    self.write = write
    self.complain = complain
  }

  /// Runs what the command line says; gives back the exit code.
  ///
  /// - Parameters:
  ///   - arguments: without the program's own name.
  ///   - isTerminal: whether a person sits at both ends.
  public func run(_ arguments: [String], isTerminal: Bool = StandardOutput.isTerminal) -> Int32 {
    do throws(ShellFault) {
      let environment = unsafe getenv("GATEHOUSE_RUN").map { unsafe String(cString: $0) }
      let options = try GlobalOptions(arguments, environmentRun: environment)
      if options.help || options.words.first == "help" || options.words.first == "?" {
        return try help(about: options.words.filter { $0 != "help" && $0 != "?" })
      }
      if options.words == ["shell"] || (options.words.isEmpty && isTerminal) {
        return converse(options, isTerminal: isTerminal)
      }
      return try obey(options.words, options, connect(options.runDirectory), interactive: false)
    } catch {
      complain("gatehouse: \(error)")
      return error.exitCode
    }
  }

  private func obey(
    _ words: [String], _ options: GlobalOptions, _ transport: any ControlTransport, interactive: Bool
  ) throws(ShellFault) -> Int32 {
    let (verb, rest) = try table.find(words)
    let console = Console(
      json: options.json, interactive: interactive, goesOn: { !interactive || !Interruption.wanted() },
      write: write)
    let call = Call(
      words: try ParsedWords(rest, for: verb), transport: transport, console: console,
      runDirectory: options.runDirectory)
    return try verb.run(call)
  }

  private func help(about words: [String]) throws(ShellFault) -> Int32 {
    let lines = words.isEmpty ? table.help : table.help(of: try table.find(words).verb)
    for line in lines { write(line) }
    return 0
  }

  // MARK: One verb after the other

  private func converse(_ options: GlobalOptions, isTerminal: Bool) -> Int32 {
    let transport = connect(options.runDirectory)
    let completion = Completion(table: table, transport: transport)
    let editor = isTerminal ? LineEditor(completions: completion.words) : nil
    if isTerminal {
      Interruption.catchSignals()
      write("gatehouse: '?' lists the verbs, the tabulator completes, 'exit' leaves")
    }
    while let line = editor.map({ $0.next() }) ?? readLine() {
      var words = Self.split(line)
      guard let first = words.first else { continue }
      if ["exit", "quit"].contains(first) { break }
      do throws(ShellFault) {
        if first == "?" || first == "help" || words.last == "?" {
          words.removeAll { $0 == "?" || $0 == "help" }
          _ = try help(about: words)
        } else {
          Interruption.clear()
          var own = options
          own.json = options.json || words.contains("--json")
          words.removeAll { $0 == "--json" }
          _ = try obey(words, own, transport, interactive: isTerminal)
        }
      } catch {
        complain("\(error)")
      }
    }
    return 0
  }

  /// Words at blanks; double quotes hold blanks together.
  static func split(_ line: String) -> [String] {
    var words: [String] = []
    var word = ""
    var isQuoted = false
    var isWord = false
    for character in line {
      if character == "\"" {
        isQuoted.toggle()
        isWord = true
      } else if character.isWhitespace && !isQuoted {
        if isWord { words.append(word) }
        word = ""
        isWord = false
      } else {
        word.append(character)
        isWord = true
      }
    }
    return isWord ? words + [word] : words
  }
}
