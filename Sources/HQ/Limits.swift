/// HQ's bounds.
public enum HQLimits {
  /// Gateways that HQ knows; a message of one more is refused.
  public static var gateways: Int64 { 20_000 }
  /// The longest id of a site or gateway, in UTF-8 bytes.
  public static var idBytes: Int { 128 }
  /// The highest seq. A gateway that writes a thousand a second gets there in 8,900 years.
  public static var sequence: Int64 { 1 << RecordKey.seqBits - 1 }
  /// Records asked for in one pull.
  public static var pullRecords: Int64 { 5_000 }
  /// The same pull is not sent to one gateway again within this time.
  public static var pullMilliseconds: UInt64 { 3_000 }
  /// Records read from the store at a time.
  public static var readRecords: Int64 { 1_000 }
  /// CSV bytes in one part of a list.
  public static var partBytes: Int { 256 << 10 }
  /// The largest list that is published.
  public static var listBytes: Int { 64 << 20 }
  /// Bytes of lists that wait for gateways' replies at once.
  public static var requestBytes: Int { 32 << 20 }
  /// Lists that did not come into force are remembered for so long.
  public static var publicationMilliseconds: Int64 { 90 * 86_400_000 }
  /// A list that gateways did not answer for is kept for so long, and sent to them when they are there again.
  public static var waitingMilliseconds: Int64 { 30 * 86_400_000 }
  /// A `list publish` that has said nothing for so long is not at work any more.
  public static var publishingMilliseconds: Int64 { 2 * 3_600_000 }
  /// Parts of such a list sent before the gateway is asked what is missing still.
  public static var partsAtOnce: Int { 8 }
  /// How often parts that do not arrive are sent again, and how long after one another.
  public static var listTries: Int { 5 }
  public static var listMilliseconds: UInt64 { 10_000 }
  /// How long `open` and `list publish` wait for a gateway's reply; a command may not be done later than this.
  public static var replyMilliseconds: UInt64 { 30_000 }
  /// How long `list publish` waits for gateways to say what they have now, before it takes what it last heard.
  public static var greetingMilliseconds: UInt64 { 5_000 }
  /// Messages that are stored in one transaction.
  public static var messages: Int { 32 }
  /// How long one process waits for its turn to write to the store.
  public static var turnMilliseconds: UInt64 { 10_000 }
  /// Points of one gateway that have an alarm of one kind of their own; those of more points share one.
  public static var alarmsAbout: Int64 { 200 }
  /// Records of one gateway that are remembered as told ahead of the log.
  public static var toldRecords: Int64 { 1_000 }
  /// Characters kept of an alarm's text.
  public static var alarmCharacters: Int { 400 }
  /// The same alarm of a gateway is counted, and the same fault told, no more often than this.
  public static var alarmMilliseconds: UInt64 { 1_000 }
  /// A gateway that was quiet for so long is asked who it is.
  public static var askMilliseconds: UInt64 { 60_000 }
  /// A gateway that was quiet for so long, although it was asked, is silent.
  public static var silentMilliseconds: UInt64 { 300_000 }
  /// A collector that has heard nothing for so long says something to itself; once more after each such time.
  public static var echoMilliseconds: UInt64 { 10_000 }
  /// After so many of those in a row without a word of anybody, also its own, the connection is begun anew.
  public static var echoes: Int { 3 }
  /// A connection lost so soon after one of those was ended by it; after so many in a row none is sent any more. A
  /// broker that forbids it hangs up at once; nats-server without a quorum, which forbids nothing, after four seconds.
  public static var hangUpMilliseconds: UInt64 { 2_000 }
  public static var hangUps: Int { 3 }
  /// Where no gateway answers, the connection is begun anew after a time that doubles up to this.
  public static var longestPatienceMilliseconds: UInt64 { 3_600_000 }
  /// How often a collector says that it is there, looks for quiet gateways, and takes down who was heard.
  public static var beatMilliseconds: UInt64 { 2_000 }
  /// A collector that lives and did not say so for this long hangs, and the others take its gateways.
  public static var collectorMilliseconds: Int64 { 8_000 }
  /// Collectors that may work on one store.
  public static var collectors: Int64 { 32 }
  /// Days that a report shows day by day; what is longer is shown week by week.
  public static var reportDays: Int64 { 92 }
  /// Days that a report is about where nobody says from when.
  public static var reportPeriodDays: Int64 { 366 }
  /// The longest period of a report, in days.
  public static var reportSpanDays: Int64 { 3_660 }
  /// Different reasons, and gap records, that a report lists; and points.
  public static var reportNames: Int { 200 }
  public static var reportPoints: Int { 5_000 }
  /// Rows of a plot; the busiest are shown, the others told.
  public static var plotRows: Int { 30 }
  /// Points whose travel times are drawn.
  public static var plotTravels: Int { 12 }
}
