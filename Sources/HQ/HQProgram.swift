import Broker
import Glibc
import Journal
import Messages
import Platform

/// `gatehouse-hq VERB …`
public enum HQProgram {
  static var usage: String {
    """
    gatehouse-hq serve --broker URL [--part 1/3] [--silent-after SECONDS]
    gatehouse-hq status | gateways | alarms [GATEWAY] [--ended]
    gatehouse-hq alarms end GATEWAY [KIND]
    gatehouse-hq log GATEWAY --after N [--limit M] [--csv]
    gatehouse-hq export csv|jsonl [FILE] [--gateway G,G | --site S]
      log and export: [--point P] [--type T] [--reason R] [--from T] [--to T]
    gatehouse-hq report FILE.html [--gateway G,G | --site S] [--from T] [--to T]
      [--utc-offset +08:00]
    gatehouse-hq verify GATEWAY | verify --all
    gatehouse-hq list publish CSV --gateway G,G | --site S | --all
      --broker URL --key hq.key [--changes-from OLD.csv | --merge]
      [--version N]
    gatehouse-hq list status [GATEWAY]
    gatehouse-hq open GATEWAY POINT --broker URL --key hq.key [--within SECONDS]
    gatehouse-hq retire GATEWAY
    gatehouse-hq keygen FILE
    everywhere: --store FILE (hq.db), --json; @FILE first: more words from a file
    with --broker: --ca FILE, --cert FILE, --cert-key FILE, --insecure
    GATEWAY is its id, or SITE/ID where two sites use one id
    """
  }

  private static var valued: Set<String> {
    [
      "--broker", "--store", "--key", "--ca", "--cert", "--cert-key", "--after", "--limit", "--gateway",
      "--version", "--part", "--silent-after", "--point", "--type", "--reason", "--from", "--to", "--site",
      "--changes-from", "--within", "--utc-offset",
    ]
  }

  private static var bare: Set<String> {
    ["--insecure", "--json", "--merge", "--all", "--csv", "--ended"]
  }

  /// - Returns: 0 done, 1 the answer is no, 2 misuse, 3 not reachable.
  public static func run(_ arguments: [String]) -> Int32 {
    do {
      return try run(CommandLineWords(try withFile(arguments), valued: valued, bare: bare))
    } catch let error as ProgramOptions.Misuse {
      say("\(error)\n\(usage)")
      return 2
    } catch let error as ProgramMisuse {
      say("\(error)")
      return 2
    } catch let error as BrokerError {
      say("\(error)")
      return error.call == "broker address" ? 2 : 3
    } catch let error as StoreError {
      say(error.atHeadquarters)
      return 1
    } catch {
      say("\(error)")
      return 1
    }
  }

  /// `@FILE` as the first word stands for the words in that file; a line that begins with # is none.
  private static func withFile(_ arguments: [String]) throws -> [String] {
    guard let first = arguments.first, first.hasPrefix("@") else { return arguments }
    let text = String(decoding: try Files.read(String(first.dropFirst()), limit: 65_536), as: UTF8.self)
    let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
    return arguments.dropFirst() + lines.flatMap { $0.split(separator: " ").map(String.init) }
  }

  private static func run(_ line: CommandLineWords) throws -> Int32 {
    let options = line.options
    let rest = Array(line.words.dropFirst())
    switch (line.words.first, rest.count) {
    case ("serve", 0): return try serve(options)
    case ("status", 0): return try StoreView(options).status()
    case ("gateways", 0): return try StoreView(options).gateways()
    case ("alarms", 2...3) where rest[0] == "end":
      let person = UserNames.name(of: UserNames.own) ?? "uid \(UserNames.own)"
      return try StoreView(options, mode: .readWrite).endAlarms(
        rest[1], rest.dropFirst(2).first, by: person)
    case ("alarms", 0...1): return try StoreView(options).alarms(rest.first)
    case ("log", 1): return try StoreView(options).log(rest[0])
    case ("export", 1...2): return try StoreView(options).export(rest[0], rest.dropFirst().first)
    case ("report", 1): return try StoreView(options).report(rest[0])
    case ("verify", 1): return try StoreView(options).verify(rest[0])
    case ("verify", 0) where options.has("--all"): return try StoreView(options).verify(nil)
    case ("keygen", 1): return try makeKey(rest[0])
    case ("list", 2) where rest[0] == "publish": return try publish(rest[1], options)
    case ("list", 1...2) where rest[0] == "status":
      return try StoreView(options).lists(rest.dropFirst().first)
    case ("open", 2): return try open(rest[0], rest[1], options)
    case ("retire", 1): return try retire(rest[0], options)
    default:
      say(usage)
      return 2
    }
  }

  private static func broker(_ options: ProgramOptions, _ client: String) throws -> BrokerSettings {
    try BrokerSettings(
      broker: try options.required("--broker"), client: client, authorityFile: options["--ca"],
      certificateFile: options["--cert"], keyFile: options["--cert-key"], insecure: options.has("--insecure"))
  }

  /// A name that no other process has at the broker or in the store.
  private static func ownName(_ verb: String) -> String {
    let number = UInt32.random(in: .min ... .max)
    return "gatehouse-hq-\(verb)-\(ForkedProcess.own)-\(String(number, radix: 16))"
  }

  private static func serve(_ options: ProgramOptions) throws -> Int32 {
    let broker = try broker(options, ownName("serve"))
    // A key that is named must be one, also here, where nothing is signed: better now than when a door waits.
    if let path = options["--key"] { say("public key \(try SigningKey.read(path).publicKey)") }
    let part = options["--part"].flatMap { EstateShare.Part($0) }
    if options["--part"] != nil, part == nil {
      throw ProgramMisuse("--part must be a share such as 1/3, 2/3 or 3/3")
    }
    let silence = options["--silent-after"].flatMap { UInt64($0) }.map {
      $0.multipliedReportingOverflow(by: 1_000)
    }
    if options["--silent-after"] != nil,
      silence == nil || silence?.overflow == true || silence?.partialValue == 0
    {
      throw ProgramMisuse("--silent-after must be a number of seconds")
    }
    let store = try HQStore(path: options["--store"] ?? "hq.db")
    SignalWait.ignoreBrokenPipes()
    let signals = SignalWait([Signal.terminate, Signal.interrupt])
    var isStopped = false
    let json = options.has("--json")
    var service = HQService(
      broker: broker, store: store, part: part,
      silence: silence?.partialValue ?? HQLimits.silentMilliseconds, note: say,
      tell: { alarm in
        print(json ? alarm.json.text : alarm.line)
        fflush(nil)
      }
    ) {
      if !isStopped { isStopped = signals.next(milliseconds: 0) != nil }
      return isStopped
    }
    service.run()
    return 0
  }

  private static func makeKey(_ path: String) throws -> Int32 {
    guard !Files.exists(path) else {
      say("\(path) is there already; a key is never written over")
      return 1
    }
    let key = SigningKey.generate()
    try Files.write(key.pem(), to: path, mode: 0o600)
    print(key.publicKey)
    return 0
  }

  private static func retire(_ name: String, _ options: ProgramOptions) throws -> Int32 {
    let view = try StoreView(options, mode: .readWrite)
    let gateway = try view.gateway(name)
    guard !gateway.isRetired else {
      say("\(gateway.fullName) is retired already")
      return 1
    }
    for alarm in try view.store.end(nil, of: gateway, at: view.now, by: "retire") { print(alarm.line) }
    let kept = try view.store.retire(gateway, at: view.now)
    print("its log stays as \(gateway.site)/\(kept); a new \(gateway.name) may begin at seq 1")
    return 0
  }

  private static func publish(_ path: String, _ options: ProgramOptions) throws -> Int32 {
    let key = try SigningKey.read(try options.required("--key"))
    let view = try StoreView(options, mode: .readWrite)
    guard options.has("--all") || options["--gateway"] != nil || options["--site"] != nil else {
      throw ProgramMisuse("say for whom: --gateway G,G, --site S or --all")
    }
    guard !(options.has("--merge") && options["--changes-from"] != nil) else {
      throw ProgramMisuse("--merge sends the file as changes; --changes-from finds them: only one of them")
    }
    let csv = try Files.read(path, limit: HQLimits.listBytes)
    _ = try ListPublication(csv: csv, id: "")
    let version = try view.number("--version")
    guard version ?? 1 >= 1, version ?? 1 <= MessageLimits.listVersion else {
      throw ProgramMisuse("--version must be 1 to \(MessageLimits.listVersion)")
    }
    let publishing = Publishing(
      store: view.store, key: key, csv: csv,
      base: try options["--changes-from"].map { try Files.read($0, limit: HQLimits.listBytes) },
      merges: options.has("--merge"),
      request: EstateRequest(
        broker: try broker(options, ownName("list")), topic: .list, milliseconds: try patience(view)),
      say: { StoreView.say($0, $1, json: view.json) })
    let gateways = try view.selected().filter { !$0.isRetired }
    guard !gateways.isEmpty else {
      say("no gateway ever spoke here")
      return 1
    }
    return try publishing.run(to: gateways, version: version)
  }

  private static func patience(_ view: StoreView) throws -> UInt64 {
    guard let seconds = try view.number("--within") else { return HQLimits.replyMilliseconds }
    guard seconds >= 1, seconds <= 3_600 else { throw ProgramMisuse("--within must be 1 to 3600 seconds") }
    return UInt64(seconds) * 1_000
  }

  private static func open(_ name: String, _ point: String, _ options: ProgramOptions) throws -> Int32 {
    let key = try SigningKey.read(try options.required("--key"))
    let view = try StoreView(options)
    let gateway = try view.gateway(name)
    let milliseconds = try patience(view)
    let request = EstateRequest(
      broker: try broker(options, ownName("open")), topic: .command, milliseconds: milliseconds)
    // A challenge is good for a short time: a new one is asked for. A gateway that does not know the question has said one.
    let patience = min(milliseconds, HQLimits.greetingMilliseconds)
    let birth = try request.greet([gateway.topics], milliseconds: patience)[gateway.topics]
    let challenge = birth?.challenge ?? gateway.challenge
    guard !challenge.isEmpty else {
      say("\(gateway.name) does not answer: it was told nothing")
      return 3
    }
    let now = WallClock.milliseconds()
    let command = UplinkCommand(
      id: "open-\(now)-\(String(UInt64.random(in: .min ... .max), radix: 16))", for: gateway.topics,
      challenge: challenge, verb: "open",
      point: point,
      expires: Timestamp(milliseconds: now + Int64(milliseconds)))
    var code: Int32 = 3
    try request.send([
      .init(topics: gateway.topics, id: command.id, payload: key.sign(command.encoded()).encoded())
    ]) { _, answer in
      switch answer {
      case .done:
        print(view.json ? JSONValue.object([("ok", true)]).text : "\(point) was told to open")
        code = 0
      case .refused(let why):
        say("\(gateway.name) refused: \(PlainText.of(why))")
        if view.json { print(JSONValue.object([("ok", false), ("error", .string(why))]).text) }
        code = 1
      case .silent: say("\(gateway.name) did not answer; it may be away, or have done it")
      }
    }
    return code
  }

  @Sendable static func say(_ text: String) {
    StandardError.write("gatehouse-hq: \(text)")
  }
}
