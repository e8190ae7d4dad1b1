import ControlCore
import Site

/// An input without a wire: the raw levels of others make it, each scan after they were read.
struct SourcedInput {
  private let place: Int
  private let sources: InputSources

  static func all(of site: SiteDescription) -> [SourcedInput] {
    site.inputWiring.enumerated().compactMap { place, wiring in
      guard case .madeOf(let sources) = wiring else { return nil }
      return SourcedInput(place: place, sources: sources)
    }
  }

  func read(into image: inout InputImage) {
    let active = image.level[sources.active.position]
    var quality = image.quality[sources.active.position]
    var says = Quality.good
    if let normal = sources.normal {
      quality = worse(quality, image.quality[normal.position])
      if active == image.level[normal.position] { says = active ? .short : .cut }
    }
    if let short = sources.short {
      quality = worse(quality, image.quality[short.position])
      if image.level[short.position] { says = .short }
    }
    if let cut = sources.cut {
      quality = worse(quality, image.quality[cut.position])
      if image.level[cut.position] { says = .cut }
    }
    image.level[place] = active
    image.quality[place] = quality == .good ? says : quality
  }

  private func worse(_ left: Quality, _ right: Quality) -> Quality { left == .good ? right : left }
}
