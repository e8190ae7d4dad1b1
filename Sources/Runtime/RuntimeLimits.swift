public import ControlCore

/// Every bound of the running controller, in one place. What the scan is bounded by stands in `ControlCore.Limits`.
public enum RuntimeLimits {
  // Sockets.
  /// Connections that one socket serves at once; the next one is closed at once.
  public static var connections: Int { 64 }
  /// Lines of one connection that wait for an answer; beyond that it is not read.
  public static var requestsInFlight: Int { 64 }
  /// Bytes that wait for a peer that does not read; beyond that it is dropped.
  public static var unsentBytes: Int { 4 << 20 }
  /// Records that one `log.pull` returns, and the bytes they may have together.
  public static var pullRecords: Int { 1_000 }
  public static var pullBytes: Int { 2 << 20 }

  // Threads' inboxes.
  public static var decisionInbox: Int { 4_096 }
  public static var listInbox: Int { 64 }
  public static var logInbox: Int { 64 }
  /// Records that wait for a journal that does not take them; beyond that they are counted as lost.
  public static var waitingRecords: Int { 8_192 }
  /// Of those, the last that only an access record may take.
  public static var waitingRecordsReserved: Int { 1_024 }
  /// Credentials whose passage state waits for a journal that lost their records.
  public static var waitingChanges: Int { 65_536 }
  /// How soon a journal that failed is tried again; then twice as long each time, up to the longest.
  public static var journalRetry: Interval { .seconds(1) }
  public static var longestJournalRetry: Interval { .seconds(5) }
  /// How often the log looks for what has grown old, and stores how long the clock has kept step.
  public static var ageLook: Interval { .seconds(60) }
  public static var clockSave: Interval { .seconds(3_600) }
  /// Records of one commit.
  public static var groupOfRecords: Int { 128 }

  // Decisions.
  /// Answers remembered by track and by credential, all readers together; the oldest goes first.
  public static var tracks: Int { 4_096 }
  public static var trackLife: Interval { .seconds(600) }
  /// A command that the scan has not taken after so long moves nothing any more.
  public static var commandLife: Interval { .seconds(2) }
  /// A source is answered without a seq where the log is not durable after so long.
  public static var replyLimit: Interval { .seconds(2) }
  /// Orders to hold that come again after so long are told in the log again.
  public static var holdPause: Interval { .seconds(2) }
  /// How long a reading waits after a start for the stored list; then it is decided with what is there.
  public static var listPatience: Interval { .seconds(2) }
  /// The longest suspension by a length of time; a longer one is given until a day.
  public static var suspension: Interval { .seconds(400 * 86_400) }
  /// Passages known by number, until the machine reports their end.
  public static var openPassages: Int { 1_024 }

  // Lists.
  public static var importsAtOnce: Int { 4 }
  /// An import that nobody goes on with is forgotten after so long.
  public static var importLife: Interval { .seconds(300) }
  public static var exportRows: Int { 500 }
  /// How often the rows of earlier lists that were kept long enough are dropped.
  static var listPastLook: Interval { .seconds(3_600) }

  // The guard.
  /// From fork to the first scan; a controller that needs longer hangs.
  public static var startLimit: Interval { .seconds(10) }
  /// From the order to stop to the end; a controller that needs longer is killed.
  public static var stopLimit: Interval { .seconds(4) }
  /// How often the guard looks at the heartbeat.
  public static var guardLook: Interval { .milliseconds(2) }
  /// How long the guard waits for a killed controller to be gone before it takes the outputs all the same.
  public static var endLimit: Interval { .milliseconds(5) }
  /// The longest pause between two starts.
  public static var longestPause: Interval { .seconds(5) }
  /// A controller that ran so long is started again at once.
  public static var steadyRun: Interval { .seconds(30) }
  /// How often a chip that was missing is looked for.
  public static var chipLook: Interval { .seconds(1) }
  /// How long the safe levels may take on a bus before the guard goes on without it.
  public static var safeWriteLimit: Interval { .milliseconds(500) }

  // Emergencies.
  /// Some plans with their names; what is longer is not ours.
  static var emergencyFileBytes: Int { 64 << 10 }
  /// A report of every plan over every point.
  static var emergencyReportBytes: Int { 512 << 10 }

  // Doors with schedules.
  /// How often the schedules are asked.
  static var doorLook: Interval { .milliseconds(250) }
  /// An order to a door that was not followed is given again after so long.
  static var doorPatience: Interval { .seconds(1) }
  /// A credential read again so soon has not left its reader.
  static var samePresentation: Interval { .milliseconds(500) }
  static var doorFileBytes: Int { 64 << 10 }

  // Wear.
  /// 64 points and 512 outputs with their names; what is longer is not ours.
  static var wearFileBytes: Int { 256 << 10 }
  /// How often counts that changed are written: a card wears too.
  public static var wearPause: Interval { .seconds(900) }

  // Clock.
  /// Wall and monotonic clock may differ by so much between two looks; more is a jump. A look comes a few times a
  /// second, and NTP slews by half a millisecond a second.
  public static var clockJump: Interval { .seconds(2) }
  /// For so long a clock that was right is still taken as right: a cheap oscillator drifts 10 s a week.
  public static var holdover: Interval { .seconds(7 * 86_400) }
  /// For so long it must have kept step before anything is dropped by it.
  public static var clockSettle: Interval { .seconds(86_400) }
  /// Between two looks, what differs more from the monotonic clock is a jump.
  public static var clockStep: Interval { .seconds(5) }
  /// A box that was off for longer begins to count anew.
  public static var clockAbsence: Interval { .seconds(7 * 86_400) }

  /// An output that its board gives back otherwise for longer than this is a fault: a few read-backs of a busy bus.
  static var outputDiffers: Interval { .seconds(2) }
}
