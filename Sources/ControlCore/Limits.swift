/// Every bound of the controller, in one place: what is not bounded here does not exist in the scan.
public enum Limits {
  /// Barriers, gates and doors of one controller.
  public static var points: Int { @_noLocks get { 64 } }
  /// Input signals of one controller; the size of ``InputImage``.
  public static var inputs: Int { @_noLocks get { 512 } }
  /// Output signals of one controller; the size of ``OutputImage``.
  public static var outputs: Int { @_noLocks get { 512 } }
  /// Readers of one controller: cameras, card readers, terminals.
  public static var readers: Int { @_noLocks get { 128 } }
  /// Interlock groups, and the points that one group may hold.
  public static var interlocks: Int { @_noLocks get { 32 } }
  public static var pointsOfInterlock: Int { @_noLocks get { 8 } }
  /// Grants that may wait at interlocks for another point to close.
  public static var grantsAtInterlocks: Int { @_noLocks get { 16 } }
  /// Emergency plans, and the inputs that start one.
  public static var emergencyPlans: Int { @_noLocks get { 16 } }
  public static var inputsOfPlan: Int { @_noLocks get { 8 } }
  /// Sirens, lamps and signs of one plan.
  public static var outputsOfPlan: Int { @_noLocks get { 8 } }
  /// How long a door may take to show that it has followed a plan: its bolt and its contact need a moment.
  public static var lockReaction: Interval { @_noLocks get { Interval.seconds(2) } }
  /// Areas counted for occupancy and passback.
  public static var areas: Int { @_noLocks get { 64 } }
  /// Commands taken in by one scan; the rest wait in their ring for the next one.
  public static var commandsOfScan: Int { @_noLocks get { 16 } }
  /// Commands that may wait for the scan.
  public static var commandRing: Int { @_noLocks get { 256 } }
  /// Events that one scan may tell; what is beyond is counted and told by one event.
  public static var eventsOfScan: Int { @_noLocks get { 256 } }
  /// Events that may wait between the scan and the decision thread.
  public static var eventRing: Int { @_noLocks get { 4096 } }
  /// Outputs held by a technician's test at the same time.
  public static var testsAtOnce: Int { @_noLocks get { 16 } }
  /// The longest that a technician's test holds an output.
  public static var longestTest: Interval { @_noLocks get { Interval.seconds(10) } }
  /// The shortest and the longest period of the scan.
  public static var shortestPeriod: Interval { @_noLocks get { Interval.microseconds(250) } }
  public static var longestPeriod: Interval { @_noLocks get { Interval.milliseconds(20) } }
  /// The longest duration that a site file may name for a machine.
  public static var longestDuration: Interval { @_noLocks get { Interval.seconds(86_400) } }
  /// Grants that may wait at one point for their passage.
  public static var grantsWaiting: Int { @_noLocks get { 8 } }
  /// A command issued later than now by more than this is no command of this clock.
  public static var issuedAhead: Interval { @_noLocks get { Interval.seconds(1) } }
  /// Whole travels of one direction from which its usual time is learned.
  public static var travelsLearned: UInt64 { @_noLocks get { 20 } }
  /// How long a photocell may take to follow its test output, on and again off: longer than any debounce.
  public static var sensorTest: Interval { @_noLocks get { Interval.seconds(1) } }
  /// A held motion that is ordered goes on for so long after the last order, and no longer.
  public static var holdOrder: Interval { @_noLocks get { Interval.milliseconds(500) } }
  /// A limit that leaves so soon after the motor stopped there was left by drift: coasting, a spring, a slack brake.
  public static var settling: Interval { @_noLocks get { Interval.seconds(3) } }
  /// How long the alarm output of a lane tells that somebody followed another one through.
  public static var alarm: Interval { @_noLocks get { Interval.seconds(10) } }
  /// A door that is seen to open so soon after its lock fell was opened in time: the bolt, the hand and the
  /// debounce take so long.
  public static var relockGrace: Interval { @_noLocks get { Interval.milliseconds(500) } }
}
