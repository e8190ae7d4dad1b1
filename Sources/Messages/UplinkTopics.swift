/// The topics between one gateway and HQ.
public struct UplinkTopics: Sendable, Hashable {
  public enum Topic: String, Sendable, CaseIterable {
    case birth = "up/birth"
    case death = "up/death"
    case log = "up/log"
    case live = "up/live"
    case reply = "up/reply"
    case acknowledge = "down/ack"
    case pull = "down/pull"
    case list = "down/list"
    case command = "down/command"
  }

  public var site: String
  public var gateway: String

  public init(site: String, gateway: String) {
    self.site = site
    self.gateway = gateway
  }

  public func name(_ topic: Topic) -> String { "gatehouse/1/\(site)/\(gateway)/\(topic.rawValue)" }

  /// What the gateway subscribes to.
  public var downFilter: String { "gatehouse/1/\(site)/\(gateway)/down/+" }

  /// What HQ subscribes to.
  public static var upFilter: String { "gatehouse/1/+/+/up/+" }

  /// Where a collector says something to itself, to learn whether it still hears. ``upFilter`` covers it: what brings the
  /// gateways' messages brings this one too.
  public static func echo(of collector: String) -> String {
    "gatehouse/1/headquarters/\(collector)/up/echo"
  }

  /// One that some collector says to itself.
  public static func isEcho(_ name: String) -> Bool {
    name.hasPrefix("gatehouse/1/headquarters/") && name.hasSuffix("/up/echo")
  }

  /// Takes a topic apart; nil where it is none of these.
  public static func parse(_ name: String) -> (topics: UplinkTopics, topic: Topic)? {
    let levels = name.split(separator: "/", omittingEmptySubsequences: false)
    guard levels.count == 6, levels[0] == "gatehouse", levels[1] == "1", !levels[2].isEmpty,
      !levels[3].isEmpty,
      let topic = Topic(rawValue: "\(levels[4])/\(levels[5])")
    else { return nil }
    return (UplinkTopics(site: String(levels[2]), gateway: String(levels[3])), topic)
  }
}
