/// Which characters a camera takes for one another, and how readily.
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
    default: foldProvince(letter)
    }
  }

  /// The short names of provinces that look alike on a small picture, and common characters read in their
  /// stead.
  @_noLocks
  private static func foldProvince(_ letter: UInt32) -> UInt32 {
    switch letter {
    case 0x6CAA, 0x6D59: 0x6D25  // 沪 浙: 津
    case 0x743C: 0x4EAC  // 琼: 京
    case 0x8D35, 0x8D23: 0x9752  // 贵 责: 青
    case 0x95F5: 0x95FD  // 闵: 闽
    case 0x53E4: 0x5409  // 古: 吉
    case 0x53BB: 0x4E91  // 去: 云
    case 0x5EFF: 0x7518  // 廿: 甘
    case 0x5DDE: 0x5DDD  // 州: 川
    case 0x7FFC: 0x5180  // 翼: 冀
    case 0x58A8: 0x9ED1  // 墨: 黑
    case 0x5CE1, 0x965C: 0x9655  // 峡 陜: 陕
    case 0x8FC1: 0x8FBD  // 迁: 辽
    case 0x76F8: 0x6E58  // 相: 湘
    case 0x6302: 0x6842  // 挂: 桂
    case 0x5B87: 0x5B81  // 宇: 宁
    case 0x666E, 0x6649: 0x664B  // 普 晉: 晋
    case 0x5965: 0x7CA4  // 奥: 粤
    case 0x8C05: 0x4EAC  // 谅: 琼, and so 京
    default: letter
    }
  }

  /// What it costs to take `read` for `meant`; nil where nobody would.
  @_noLocks
  static func cost(_ read: UInt32, _ meant: UInt32) -> Int? {
    if read == meant { return 0 }
    guard fold(read) == fold(meant) else { return nil }
    if read > 0x7F { return province }
    return isNear(read, meant) || isNear(meant, read) ? near : far
  }

  /// The pairs that many typefaces draw alike: 0 and O, 1 and I.
  @_noLocks
  private static func isNear(_ left: UInt32, _ right: UInt32) -> Bool {
    (left == 0x30 && right == 0x4F) || (left == 0x31 && right == 0x49)
  }

  static var near: Int { @_noLocks get { 1 } }
  static var far: Int { @_noLocks get { 2 } }
  static var province: Int { @_noLocks get { 3 } }
  /// The first or last character lost or read twice.
  static var end: Int { @_noLocks get { 3 } }
  /// A camera's other reading that stands in the list as it is.
  static var otherReading: Int { @_noLocks get { 2 } }
  /// An entry that costs more is no match.
  static var most: Int { @_noLocks get { 5 } }
  /// The best entry must be cheaper than the next by so much.
  static var margin: Int { @_noLocks get { 2 } }
  /// A reading with fewer characters says too little.
  static var fewestLetters: Int { @_noLocks get { 5 } }
}
