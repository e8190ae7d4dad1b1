/// A plate camera that misreads as real ones do: look-alikes above all, now and then anything, and characters
/// lost or read twice at the plate's ends.
///
/// Its errors are its own: what the decision forgives is told elsewhere and shares no table with this one.
struct PlateCamera {
  struct Reading {
    var text: String
    /// Another reading, with its confidence.
    var other: (text: String, confidence: Double)?
    /// How sure it is of each character; empty where it does not tell.
    var characters: [Double] = []
    var isMisread = false
    /// Characters misread, lost or doubled.
    var errors = 0
  }

  var random: SeededRandom

  mutating func read(_ plate: String) -> Reading {
    var letters = Array(plate)
    var sure = letters.map { _ in sureness() }
    var errors = 0
    for place in letters.indices {
      guard let wrong = misread(letters[place]) else { continue }
      letters[place] = wrong
      sure[place] = Double(30 + random.next() % 66) / 100
      errors += 1
    }
    if cutEnds(&letters, &sure) { errors += 1 }
    var reading = Reading(text: String(letters))
    reading.isMisread = reading.text != plate
    reading.errors = errors
    if random.oneIn(2) { reading.characters = sure }
    if reading.isMisread && random.oneIn(3) {
      reading.other = (plate, Double(50 + random.next() % 41) / 100)
    }
    return reading
  }

  /// Mostly sure; of one right character in twenty not.
  private mutating func sureness() -> Double {
    random.oneIn(20) ? Double(50 + random.next() % 45) / 100 : Double(95 + random.next() % 6) / 100
  }

  /// One character in fifty is misread: of five times four a look-alike, else anything of its kind.
  private mutating func misread(_ letter: Character) -> Character? {
    guard random.oneIn(50) else { return nil }
    if !random.oneIn(5), let alike = PlateCamera.alike[letter] { return random.pick(Array(alike)) }
    let kind = PlateForge.provinces.contains(letter) ? PlateForge.provinces : PlateForge.letters
    let other = random.pick(kind)
    return other == letter ? nil : other
  }

  /// Whether it did.
  private mutating func cutEnds(_ letters: inout [Character], _ sure: inout [Double]) -> Bool {
    switch random.next() % 1_000 {
    case 0..<4:
      letters.removeFirst()
      sure.removeFirst()
    case 4..<8:
      letters.removeLast()
      sure.removeLast()
    case 8..<10:
      letters.insert(letters[0], at: 0)
      sure.insert(sure[0], at: 0)
    case 10..<13:
      letters.append(letters[letters.count - 1])
      sure.append(sure[sure.count - 1])
    default: return false
    }
    return true
  }

  /// What each character is read as when it is read wrong, the likely ones more often.
  private static let alike: [Character: String] = [
    "0": "DDDQQOO8C6U", "D": "000QOOP", "Q": "00OG", "O": "00DQ", "1": "I7LLTJ", "I": "1LT", "L": "1IE",
    "7": "1TTZY", "T": "7Y1", "Z": "2227", "2": "ZZZ7", "5": "SSS6", "S": "5558", "8": "BBB36S",
    "B": "8883RE",
    "3": "8BJ9", "6": "GG8B5", "G": "66C0", "9": "83P", "4": "AA1", "A": "44R", "C": "GG0O", "M": "NNW",
    "N": "MMH",
    "H": "NKM", "K": "XXRH", "X": "KKY", "E": "FFB", "F": "EEP", "P": "FFRD", "R": "PPKA", "U": "VV0J",
    "V": "UUY",
    "Y": "VVT7", "W": "MV", "J": "1U3", "沪": "津津浙", "津": "沪沪浙京", "浙": "沪津", "京": "琼津谅", "琼": "京京",
    "苏": "赣芬", "粤": "奥奥", "鄂": "鲁", "皖": "晥", "豫": "象", "桂": "挂挂佳", "川": "州州", "辽": "迁迁", "闽": "闵闵",
  ]
}

/// Makes plates as they hang on the cars of one town: mostly its own, some with new energy, some from elsewhere.
struct PlateForge {
  static let provinces: [Character] = Array("京津沪渝冀晋蒙辽吉黑苏浙皖闽赣鲁豫鄂湘粤桂琼川贵云藏陕甘青宁新")
  /// Mainland plates leave out I and O.
  static let letters: [Character] = Array("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789")
  private static let capitals = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
  private static let digits = Array("0123456789")

  var random: SeededRandom

  mutating func plate() -> String {
    switch random.next() % 20 {
    case 0: european()
    case 1: "粤Z" + tail(PlateForge.letters, 4) + (random.oneIn(4) ? "澳" : "港")
    case 2: town() + tail(PlateForge.digits, 4) + (random.oneIn(3) ? "警" : "挂")
    case 3...5: town() + (random.oneIn(3) ? "F" : "D") + tail(PlateForge.digits, 5)
    default: town() + fuel()
    }
  }

  /// The province and the town: four of five cars are from here.
  private mutating func town() -> String {
    if !random.oneIn(5) { return "沪" + tail(Array("ABCDEFGH"), 1) }
    return String(random.pick(PlateForge.provinces)) + tail(PlateForge.capitals, 1)
  }

  /// Five characters with at most two letters among them.
  private mutating func fuel() -> String {
    var text = Array(tail(PlateForge.digits, 5))
    for _ in 0..<(random.next() % 3) {
      text[Int(random.next() % 5)] = random.pick(PlateForge.capitals)
    }
    return String(text)
  }

  private mutating func european() -> String {
    tail(PlateForge.capitals, Int(random.next() % 2) + 1) + tail(PlateForge.capitals, 2)
      + tail(PlateForge.digits, Int(random.next() % 2) + 3)
  }

  private mutating func tail(_ letters: [Character], _ count: Int) -> String {
    String((0..<count).map { _ in random.pick(letters) })
  }
}
