/// Draws a ``LiveScene`` on 80 columns and 24 lines.
public struct LiveView: Sendable {
  /// Box and block characters; without them plain ASCII.
  public var unicode: Bool
  public var color: Bool

  public static let height = 24
  private static let roadStart = 18
  private static let roadWidth = 60
  private static let metre = 3.0
  /// Metres before the arm at the road's first column.
  private static let before = 9.0

  public init(unicode: Bool, color: Bool) {
    self.unicode = unicode
    self.color = color
  }

  /// The escape sequences that draw the scene over the one before.
  public func frame(_ scene: LiveScene) -> String {
    "\u{1B}[H" + lines(scene).map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
  }

  public static let enter = "\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J"
  public static let leave = "\u{1B}[?25h\u{1B}[?1049l"

  /// At most 24 lines of at most 80 columns.
  public func lines(_ scene: LiveScene) -> [String] {
    var lines = [header(scene), rule]
    for lane in scene.lanes.prefix(3) { lines += laneLines(lane) }
    lines.append(doorLine(scene.doors))
    lines.append(rule)
    let room = Self.height - lines.count - 3
    for decision in scene.decisions.suffix(max(0, room)) { lines.append(decisionLine(decision)) }
    while lines.count < Self.height - 3 { lines.append("") }
    lines.append(rule)
    lines.append(styled(fit(scene.banner), "1"))
    lines.append(fit(scene.footer))
    return lines
  }

  // MARK: Lines

  private func header(_ scene: LiveScene) -> String {
    let title = fit(scene.title, 80 - DisplayWidth.of(scene.clock) - 1)
    return styled(DisplayWidth.padded(title, to: 80 - DisplayWidth.of(scene.clock)) + scene.clock, "7")
  }

  private var rule: String { String(repeating: unicode ? "─" : "-", count: 80) }

  /// Three lines: the arm as it stands over the road, the road with its cars, the loops.
  private func laneLines(_ lane: LiveScene.Lane) -> [String] {
    var above = [String](repeating: " ", count: Self.roadWidth)
    var road = [String](repeating: unicode ? "·" : ".", count: Self.roadWidth)
    let post = column(0)
    drawArm(lane, post, &above, &road)
    for car in lane.cars { draw(car, on: &road) }
    let name = DisplayWidth.padded(DisplayWidth.cut(lane.name, to: 8), to: 9)
    let state = DisplayWidth.padded(DisplayWidth.cut(lane.state, to: 16), to: 18)
    return [
      DisplayWidth.padded(name, to: Self.roadStart) + above.joined(),
      state + road.joined(),
      DisplayWidth.padded(gauge(lane.position), to: Self.roadStart) + loops(lane).joined(),
    ].map(trimmed)
  }

  private func drawArm(_ lane: LiveScene.Lane, _ post: Int, _ above: inout [String], _ road: inout [String]) {
    let bar = unicode ? "━" : "="
    if lane.isGate {
      // A sliding leaf: its length over the road shrinks as it opens.
      let length = Int((1 - lane.position) * 8 + 0.5)
      for place in 0..<length { above[post + place] = bar }
      road[post] = lane.position < 0.5 ? (unicode ? "┃" : "|") : " "
      return
    }
    switch lane.position {
    case ..<0.15: road[post] = unicode ? "┃" : "|"
    case ..<0.6:
      above[post + 1] = unicode ? "╱" : "/"
      road[post] = unicode ? "╱" : "/"
    case ..<0.95: above[post] = unicode ? "╱" : "/"
    default: above[post] = unicode ? "┃" : "|"
    }
  }

  private func draw(_ car: LiveScene.Car, on road: inout [String]) {
    let last = column(car.front)
    let first = column(car.front - car.length)
    guard last > first, last >= 0, first < Self.roadWidth else { return }
    var text = DisplayWidth.cut(car.plate, to: max(2, last - first - 1))
    text = "[" + text
    text = DisplayWidth.padded(text, to: last - first) + ">"
    var place = first
    for character in text {
      let width = DisplayWidth.of(character)
      if place >= 0, place + width <= Self.roadWidth {
        road[place] = String(character)
        // A wide character takes the next column too.
        if width == 2 { road[place + 1] = "" }
      }
      place += width
    }
  }

  private func loops(_ lane: LiveScene.Lane) -> [String] {
    var line = [String](repeating: " ", count: Self.roadWidth)
    func lay(_ low: Double, _ high: Double, _ covered: Bool) {
      for place in column(low)...column(high) where (0..<Self.roadWidth).contains(place) {
        line[place] = covered ? (unicode ? "▀" : "#") : (unicode ? "┈" : "~")
      }
    }
    lay(-6, -2, lane.approachCovered)
    lay(-1, 3, lane.loopCovered)
    return line
  }

  private func column(_ metres: Double) -> Int { Int(((metres + Self.before) * Self.metre).rounded()) }

  private func gauge(_ position: Double) -> String {
    let filled = Int((min(1, max(0, position)) * 10).rounded())
    let full = String(repeating: unicode ? "█" : "#", count: filled)
    return "[" + full + String(repeating: " ", count: 10 - filled) + "]"
  }

  private func doorLine(_ doors: [LiveScene.Door]) -> String {
    let texts = doors.map { door in
      let leaf = door.isOpen ? (unicode ? "╱ " : "/ ") : (unicode ? "┃ " : "| ")
      let lock = door.isUnlocked ? "unlocked" : "locked"
      return "\(door.name) \(leaf)\(lock), \(door.state)"
    }
    return fit(texts.joined(separator: "   "))
  }

  private func decisionLine(_ text: String) -> String {
    let line = fit(text)
    if text.contains(" GRANT ") { return styled(line, "32") }
    if text.contains(" DENY ") { return styled(line, "33") }
    return text.contains("alarm") || text.contains("emergency") ? styled(line, "31") : line
  }

  // MARK: Text

  private func fit(_ text: String, _ width: Int = 80) -> String {
    let shown = unicode ? text : Self.ascii(text)
    return DisplayWidth.cut(shown, to: width)
  }

  /// What a terminal without UTF-8 can show.
  public static func ascii(_ text: String) -> String {
    String(text.flatMap { $0.isASCII ? [$0] : Array(repeating: "?", count: DisplayWidth.of($0)) })
  }

  private func trimmed(_ line: String) -> String {
    var line = unicode ? line : Self.ascii(line)
    while line.last == " " { line.removeLast() }
    return line
  }

  private func styled(_ text: String, _ code: String) -> String {
    color ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
