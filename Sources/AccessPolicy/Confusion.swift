/// Which characters a camera takes for one another, and how readily.
///
/// A class holds all that can be reached from one another, so that one search finds them; whether one may be
/// taken for the other, and what it costs, is told pair by pair.
enum Confusion {
  /// The confusion class's first member; a character that is in none is its own class.
  @_noLocks
  static func fold(_ letter: UInt32) -> UInt32 {
    switch letter {
    case 0x4F, 0x44, 0x51: 0x30  // O D Q: 0
    case 0x49, 0x4C: 0x31  // I L: 1
    case 0x5A: 0x32  // Z: 2
    case 0x53: 0x35  // S: 5
    case 0x42: 0x38  // B: 8
    case 0x47: 0x36  // G: 6
    case 0x41: 0x34  // A: 4
    case 0x54: 0x37  // T: 7
    case 0x56: 0x55  // V: U
    default: letter < 0x80 ? letter : foldIdeograph(letter)
    }
  }

  /// The short names of provinces that look alike on a small picture, and common characters read in their
  /// stead.
  @_noLocks
  private static func foldIdeograph(_ letter: UInt32) -> UInt32 {
    switch letter {
    case 0x6CAA, 0x6D59, 0x6D25, 0x743C, 0x8C05: 0x4EAC  // 沪 浙 津 琼 谅: 京
    case 0x8D35, 0x8D23: 0x9752  // 贵 责: 青
    case 0x95F5: 0x95FD  // 闵: 闽
    case 0x53E4: 0x5409  // 古: 吉
    case 0x53BB: 0x4E91  // 去: 云
    case 0x5EFF: 0x7518  // 廿: 甘
    case 0x5DDE: 0x5DDD  // 州: 川
    case 0x7FFC: 0x5180  // 翼: 冀
    case 0x58A8: 0x9ED1  // 墨: 黑
    case 0x5CE1: 0x9655  // 峡: 陕
    case 0x8FC1: 0x8FBD  // 迁: 辽
    case 0x76F8: 0x6E58  // 相: 湘
    case 0x6302: 0x6842  // 挂: 桂
    case 0x5B87: 0x5B81  // 宇: 宁
    case 0x666E: 0x664B  // 普: 晋
    case 0x5965: 0x7CA4  // 奥: 粤
    default: letter
    }
  }

  /// What it costs to take `read` for `meant`; nil where nobody would.
  @_noLocks
  static func cost(_ read: UInt32, _ meant: UInt32) -> Int? {
    if read == meant { return 0 }
    guard fold(read) == fold(meant) else { return nil }
    if read > 0x7F { return cost(ofIdeographs: min(read, meant), max(read, meant)) }
    return cost(ofLetters: min(read, meant), max(read, meant))
  }

  /// `low` is the lower code point: the digit, where one of the two is a digit.
  @_noLocks
  private static func cost(ofLetters low: UInt32, _ high: UInt32) -> Int {
    switch low << 8 | high {
    case 0x304F, 0x3149: near  // 0 O, 1 I: many typefaces draw them alike
    case 0x3647, 0x3441, 0x3754, 0x5556: rare  // 6 G, 4 A, 7 T, U V
    case 0x4451: rare  // D Q
    default: far  // 0 D, 0 Q, D O, O Q, 1 L, I L, 2 Z, 5 S, 8 B
    }
  }

  @_noLocks
  private static func cost(ofIdeographs low: UInt32, _ high: UInt32) -> Int? {
    // 京 is confused with 津, 琼 and 谅; 津 with 京, 沪 and 浙; the rest of that class not with one another.
    guard fold(low) == 0x4EAC else { return province }
    return switch UInt64(low) << 32 | UInt64(high) {
    case 0x4EAC_0000_6D25, 0x4EAC_0000_743C, 0x4EAC_0000_8C05, 0x743C_0000_8C05: province
    case 0x6CAA_0000_6D25, 0x6D25_0000_6D59, 0x6CAA_0000_6D59: province
    default: nil
    }
  }

  static var near: Int { @_noLocks get { 1 } }
  static var far: Int { @_noLocks get { 2 } }
  static var rare: Int { @_noLocks get { 3 } }
  static var province: Int { @_noLocks get { 3 } }
  /// The first or last character lost or read twice.
  static var end: Int { @_noLocks get { 3 } }
  /// A camera's other reading that stands in the list as it is.
  static var otherReading: Int { @_noLocks get { 2 } }
  /// An entry that costs more is not near.
  static var most: Int { @_noLocks get { 4 } }
  /// An entry that costs more is never passed; near as it is, it speaks against the others.
  static var mostPassed: Int { @_noLocks get { 3 } }
  /// The best entry must be cheaper than the next by so much.
  static var margin: Int { @_noLocks get { 2 } }
  /// A reading with fewer characters says too little.
  static var fewestLetters: Int { @_noLocks get { 5 } }

  /// What `cost` comes to where the camera tells how sure it is of that character: more where it is sure of it,
  /// less where it doubts it itself, and never nothing.
  @_noLocks
  static func weighed(_ cost: Int, percent: UInt8?) -> Int {
    guard cost > 0, let percent else { return cost }
    if percent >= surePercent { return cost + 2 }
    return percent < doubtedPercent ? max(1, cost - 1) : cost
  }

  static var surePercent: UInt8 { @_noLocks get { 98 } }
  static var doubtedPercent: UInt8 { @_noLocks get { 70 } }
}
