internal import Broker
import Messages

/// When a collector begins to doubt that it hears. Milliseconds.
public struct HearingTimes: Sendable {
  /// After so long without a word it says something to itself, and again after each such time.
  public var echo: UInt64
  /// So many in a row without a word of anybody, and it is deaf.
  public var echoes: Int
  /// So long without a word of any gateway, although they were asked; doubled each time up to the longest.
  public var patience: UInt64
  public var longestPatience: UInt64

  /// - Parameter silence: after so long a gateway is silent. The collector doubts itself before, but never sooner than
  ///   the echoes tell.
  public init(silence: UInt64 = HQLimits.silentMilliseconds) {
    echo = HQLimits.echoMilliseconds
    echoes = HQLimits.echoes
    patience = max(echo * UInt64(echoes + 1), min(HQLimits.askMilliseconds, silence / 3) * 5 / 2)
    longestPatience = HQLimits.longestPatienceMilliseconds
  }
}

/// Whether a collector still hears. A broker can lose a subscription and keep the connection.
///
/// What proves that it hears is a message that came the way the log comes: not retained, with the QoS that the broker
/// granted. Ticks are milliseconds of a clock that never jumps.
struct Hearing {
  enum Finding: Equatable {
    /// It is time to say something to ``topic``.
    case echo
    /// What a person may want to know, once.
    case note(String)
    /// The connection is worth nothing.
    case deaf(BrokerError)
  }

  /// What is known of the present connection.
  private struct Line {
    var quality: Int32
    /// When anything was heard; at first when the broker took the subscription.
    var heardAt: UInt64
    /// When a gateway was heard; the same at first.
    var answeredAt: UInt64
    var echoedAt: UInt64?
    /// Echoes sent since anything was heard.
    var unheard = 0
  }

  let topic: String
  private let times: HearingTimes
  private var line: Line?
  private var patience: UInt64
  /// An echo came back: the broker lets this collector say it, and hear it. What is missing then is missed.
  private var isTrusted = false
  /// Echoes sent since one came back, on whichever connections.
  private var missing = 0
  /// Connections in a row that were lost right after an echo, and none ever came back.
  private var hangUps = 0
  private var hasTold = false
  /// The connection before was given up here, and nothing was heard since.
  private(set) var isDeaf = false

  init(collector: String, times: HearingTimes) {
    topic = UplinkTopics.echo(of: collector)
    self.times = times
    patience = times.patience
  }

  /// The broker has taken the subscription, with this QoS.
  mutating func begin(quality: Int32, tick: UInt64) {
    line = Line(quality: quality, heardAt: tick, answeredAt: tick)
  }

  /// - Returns: true where the message proves that the collector hears.
  mutating func hear(_ message: BrokerSession.Message, tick: UInt64) -> Bool {
    guard let quality = line?.quality, !message.retained, message.quality >= quality else { return false }
    line?.heardAt = tick
    line?.unheard = 0
    isDeaf = false
    if message.topic == topic {
      isTrusted = true
      missing = 0
      hangUps = 0
    } else if !UplinkTopics.isEcho(message.topic) {
      line?.answeredAt = tick
      patience = times.patience
    }
    return true
  }

  /// Asked often, after what came in was heard.
  ///
  /// - Parameter expects: there are gateways that have been asked.
  mutating func look(expects: Bool, tick: UInt64) -> Finding? {
    guard let line else { return nil }
    if hangUps < HQLimits.hangUps {
      guard let echoedAt = line.echoedAt else { return echo(tick) }
      if tick >= echoedAt + times.echo {
        if missing >= times.echoes, let finding = judge(line, echoedAt) { return finding }
        if isTrusted || !hasTold, tick >= line.heardAt + times.echo { return echo(tick) }
      }
    }
    if expects, tick >= line.answeredAt + patience {
      return impatient("no gateway has said anything for \(patience / 1_000) s, although they were asked")
    }
    // Not even its own word proves that it hears.
    if !isTrusted, tick >= line.heardAt + patience {
      return impatient("nothing at all was heard for \(patience / 1_000) s")
    }
    return nil
  }

  private mutating func echo(_ tick: UInt64) -> Finding {
    line?.echoedAt = tick
    line?.unheard += 1
    missing += 1
    return .echo
  }

  /// Several echoes are missing, and the last one had its time.
  private mutating func judge(_ line: Line, _ echoedAt: UInt64) -> Finding? {
    if isTrusted, line.unheard >= times.echoes {
      return deaf(
        "up/echo",
        "\(line.unheard) messages to itself did not come back and nothing else came, yet the connection stands: the "
          + "broker has lost the subscription")
    }
    // Others were heard after it: it is the echo that is not let through, and no longer says anything.
    guard !isTrusted || line.heardAt > echoedAt else { return nil }
    isTrusted = false
    guard !hasTold else { return nil }
    hasTold = true
    return .note(
      "what it says to itself on \(topic) does not come back: let headquarters write there in the broker's access rules; "
        + "until then a lost subscription shows only when no gateway answers")
  }

  private mutating func impatient(_ what: String) -> Finding {
    patience = min(patience * 2, max(times.patience, times.longestPatience))
    return deaf("up/+", "\(what), yet the connection stands; it is given \(patience / 1_000) s next time")
  }

  private mutating func deaf(_ topic: String, _ text: String) -> Finding {
    isDeaf = true
    return .deaf(BrokerError(call: topic, text: "\(text); the connection is begun anew"))
  }

  /// The connection is lost, or was given up.
  ///
  /// - Returns: what a person may want to know, once.
  mutating func end(tick: UInt64) -> String? {
    defer { line = nil }
    guard let line, let echoedAt = line.echoedAt, !isTrusted, hangUps < HQLimits.hangUps else { return nil }
    hangUps = tick < echoedAt + HQLimits.hangUpMilliseconds ? hangUps + 1 : 0
    guard hangUps == HQLimits.hangUps else { return nil }
    return
      "the broker hangs up on \(topic), and nothing is said there any more: let headquarters write there in the "
      + "broker's access rules, and start it again"
  }
}
