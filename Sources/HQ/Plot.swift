/// A drawing with its own coordinates, in SVG.
struct Plot {
  let width: Double
  let height: Double
  private var parts: [String] = []

  init(width: Double, height: Double) {
    self.width = width
    self.height = height
  }

  enum Anchor: String {
    case start, middle, end
  }

  static func number(_ value: Double) -> String {
    let rounded = (value * 10).rounded() / 10
    return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
  }

  mutating func rectangle(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, fill: String, title: String? = nil
  ) {
    let label = title.map { Markup.element("title", [:], Markup.text($0)) } ?? ""
    parts.append(
      Markup.element(
        "rect",
        [
          "x": Self.number(x), "y": Self.number(y), "width": Self.number(max(0, width)),
          "height": Self.number(max(0, height)), "fill": fill,
        ], label))
  }

  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, kind: String) {
    parts.append(
      Markup.element(
        "line",
        [
          "x1": Self.number(x1), "y1": Self.number(y1), "x2": Self.number(x2), "y2": Self.number(y2),
          "class": kind,
        ]))
  }

  mutating func path(_ points: [(x: Double, y: Double)], stroke: String, dashed: Bool) {
    let text = points.map { "\(Self.number($0.x)),\(Self.number($0.y))" }.joined(separator: " ")
    parts.append(
      Markup.element(
        "polyline",
        [
          "points": text, "fill": "none", "stroke": stroke, "stroke-width": "2",
          "stroke-dasharray": dashed ? "5 3" : "none",
        ]))
  }

  mutating func dot(_ x: Double, _ y: Double, fill: String, title: String) {
    parts.append(
      Markup.element(
        "circle", ["cx": Self.number(x), "cy": Self.number(y), "r": "2.5", "fill": fill],
        Markup.element("title", [:], Markup.text(title))))
  }

  mutating func words(
    _ text: String, _ x: Double, _ y: Double, _ anchor: Anchor = .start, kind: String = "t",
    turned: Bool = false
  ) {
    let (across, down) = (Self.number(x), Self.number(y))
    let attributes: KeyValuePairs<String, String> =
      turned
      ? [
        "x": across, "y": down, "text-anchor": anchor.rawValue, "class": kind,
        "transform": "rotate(-90 \(across) \(down))",
      ] : ["x": across, "y": down, "text-anchor": anchor.rawValue, "class": kind]
    parts.append(Markup.element("text", attributes, Markup.text(text)))
  }

  /// - Parameter label: what a person who does not see it is told.
  func svg(label: String) -> String {
    Markup.element(
      "svg",
      [
        "xmlns": "http://www.w3.org/2000/svg", "viewBox": "0 0 \(Self.number(width)) \(Self.number(height))",
        "role": "img", "aria-label": label,
        "style": "aspect-ratio:\(Self.number(width))/\(Self.number(height))",
      ], "\n" + parts.joined(separator: "\n") + "\n")
  }

  /// A name cut to what fits, with an ellipsis.
  static func short(_ text: String, _ characters: Int) -> String {
    text.count <= characters ? text : text.prefix(characters - 1) + "…"
  }
}
