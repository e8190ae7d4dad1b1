/// The uplink's bounds.
public enum UplinkLimits {
  /// One log batch holds fewer records where they would be more bytes than this.
  public static var batchBytes: Int { 1 << 20 }
  /// Pulls waiting to be answered; more are refused.
  public static var pulls: Int { 8 }
  /// The most records one pull gets.
  public static var pullRecords: Int64 { 10_000 }
  /// Bytes of a list that is arriving in parts.
  public static var listBytes: Int { 64 << 20 }
  /// Commands remembered by id as long as their challenges are good; more are refused.
  public static var commands: Int { 1_024 }
  /// For so long after it was drawn a challenge is good.
  public static var challengeMilliseconds: UInt64 { 120_000 }
  /// Challenges that are good at once; one more drives out the oldest.
  public static var challenges: Int { 16 }
  /// Live records sent in a second, alarms and emergencies apart.
  public static var liveRecords: Int { 64 }
  /// New records looked at for live ones in one round.
  public static var liveLook: Int { 256 }
  /// CSV text handed to the controller at a time, in bytes.
  public static var rowsBytes: Int { 32 << 10 }
  /// How long the controller may take to answer one verb.
  public static var controlMilliseconds: UInt64 { 5_000 }
  /// The controller is told of refused messages no more often than this.
  public static var refusalMilliseconds: UInt64 { 1_000 }
  /// Without progress so long, everything not acknowledged is sent again; doubled each time up to the longest.
  public static var resendMilliseconds: UInt64 { 10_000 }
  public static var longestResendMilliseconds: UInt64 { 300_000 }
  /// After so many resends on one connection without an acknowledgement it is begun anew.
  public static var stalls: Int { 2 }
  /// HQ asks once a minute; where it said nothing for so long the connection is begun anew, and after twice the time
  /// again, up to the longest.
  public static var silenceMilliseconds: UInt64 { 300_000 }
  public static var longestSilenceMilliseconds: UInt64 { 3_600_000 }
  /// How often the controller is asked which list is in force.
  public static var listLookMilliseconds: UInt64 { 5_000 }
  /// How often the journal is looked at for something new.
  public static var lookMilliseconds: Int32 { 50 }
}
