import Broker
import Journal
import Messages
import Platform

/// `gatehouse-hq VERB …`
public enum HQProgram {
  static var usage: String {
    """
    gatehouse-hq serve --broker URL --store hq.db
    gatehouse-hq status | log GATEWAY --after N [--limit M] | verify GATEWAY
    gatehouse-hq keygen FILE
    gatehouse-hq list publish CSV --gateway G --broker URL --key hq.key [--merge]
    gatehouse-hq open GATEWAY POINT --broker URL --key hq.key
    everywhere: --store FILE (hq.db), --json
    with --broker: --ca FILE, --cert FILE, --cert-key FILE, --insecure
    GATEWAY is its id, or SITE/ID where two sites use one id
    """
  }

  /// - Returns: 0 done, 1 the answer is no, 2 misuse, 3 not reachable.
  public static func run(_ arguments: [String]) -> Int32 {
    do {
      let line = try CommandLineWords(
        arguments,
        valued: [
          "--broker", "--store", "--key", "--ca", "--cert", "--cert-key", "--after", "--limit", "--gateway",
          "--version",
        ], bare: ["--insecure", "--json", "--merge"])
      return try run(line)
    } catch let error as ProgramOptions.Misuse {
      say("\(error)\n\(usage)")
      return 2
    } catch let error as BrokerError {
      say("\(error)")
      return error.call == "broker address" ? 2 : 3
    } catch {
      say("\(error)")
      return 1
    }
  }

  private static func run(_ line: CommandLineWords) throws -> Int32 {
    let options = line.options
    switch (line.words.first, line.words.dropFirst().count) {
    case ("serve", 0): return try serve(options)
    case ("status", 0): return try HQReport(options).status()
    case ("log", 1): return try HQReport(options).log(line.words[1])
    case ("verify", 1): return try HQReport(options).verify(line.words[1])
    case ("keygen", 1): return try makeKey(line.words[1])
    case ("list", 2) where line.words[1] == "publish": return try publish(line.words[2], options)
    case ("open", 2): return try open(line.words[1], line.words[2], options)
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

  private static func serve(_ options: ProgramOptions) throws -> Int32 {
    let broker = try broker(options, "gatehouse-hq")
    // A key that is named must be one, also here, where nothing is signed: better now than when a door waits.
    if let path = options["--key"] { say("public key \(try SigningKey.read(path).publicKey)") }
    let store = try HQStore(path: options["--store"] ?? "hq.db")
    SignalWait.ignoreBrokenPipes()
    let signals = SignalWait([Signal.terminate, Signal.interrupt])
    var isStopped = false
    var service = HQService(broker: broker, store: store, note: say) {
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

  private static func publish(_ path: String, _ options: ProgramOptions) throws -> Int32 {
    let key = try SigningKey.read(try options.required("--key"))
    let gateway = try HQReport(options).gateway(try options.required("--gateway"))
    let given = options["--version"].flatMap { Int64($0) }
    if options["--version"] != nil, given == nil { throw MessageFault("--version must be a whole number") }
    let id = "list-\(WallClock.milliseconds())"
    let list = try ListPublication(
      csv: try Files.read(path, limit: HQLimits.listBytes), version: given ?? gateway.list + 1,
      base: options.has("--merge") ? gateway.list : nil, id: id, key: key)
    return try send(.list, gateway, id, list.payloads, options, done: "version \(list.version) is in force")
  }

  private static func open(_ name: String, _ point: String, _ options: ProgramOptions) throws -> Int32 {
    let key = try SigningKey.read(try options.required("--key"))
    let gateway = try HQReport(options).gateway(name)
    let now = WallClock.milliseconds()
    let command = UplinkCommand(
      id: "open-\(now)-\(ForkedProcess.own)", challenge: gateway.challenge, verb: "open", point: point,
      expires: Timestamp(milliseconds: now + HQLimits.commandMilliseconds))
    let payload = key.sign(command.encoded()).encoded()
    return try send(.command, gateway, command.id, [payload], options, done: "\(point) was told to open")
  }

  private static func send(
    _ topic: UplinkTopics.Topic, _ gateway: StoredGateway, _ id: String, _ payloads: [[UInt8]],
    _ options: ProgramOptions, done: String
  ) throws -> Int32 {
    let request = GatewayRequest(
      broker: try broker(options, "gatehouse-hq-\(ForkedProcess.own)"),
      topics: UplinkTopics(site: gateway.site, gateway: gateway.name), topic: topic, id: id,
      payloads: payloads)
    switch try request.send() {
    case .done:
      print(options.has("--json") ? JSONValue.object([("ok", true)]).text : done)
      return 0
    case .refused(let why):
      say("\(gateway.name) refused: \(why)")
      return 1
    case .silent:
      say("\(gateway.name) did not answer; it may be away, or have done it")
      return 3
    }
  }

  @Sendable static func say(_ text: String) {
    StandardError.write("gatehouse-hq: \(text)")
  }
}
