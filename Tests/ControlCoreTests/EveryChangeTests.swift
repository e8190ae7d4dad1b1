import ControlCore
import Testing

/// What a point is brought to before one of its inputs changes.
private enum Prelude: CaseIterable {
  case rest, opening, open, warning, closing, obstructed, released, heldOpen, lockedDown, outOfService,
    inMaintenance,
    tested, held
  // A door's own; nothing else follows such orders.
  case granted, free, office, propped, exitPressed, standingOpen

  static let ofDoors: [Prelude] = [.granted, .free, .office, .propped, .exitPressed, .standingOpen]
}

private enum Change: CaseIterable {
  case on, off, lost
}

/// The mixed site on a coarse clock of 20 ms, with an oracle that sees every scan.
private struct Bench {
  let site: MixedSite
  let rig: Rig
  var oracle: Oracle

  init(_ kind: MixedSite.Kind) {
    site = MixedSite(kind, debounce: .zero)
    rig = Rig(site.setting)
    oracle = Oracle(site.setting)
    for input in site.setting.inputs.indices { rig.set(input, site.restLevel(input)) }
    run(100)
  }

  mutating func run(_ milliseconds: Int) {
    for _ in 0..<(milliseconds / 20) {
      for (_, leaf) in site.leaves { leaf.move(rig, for: 20) }
      rig.scan(after: 20)
      oracle.look(rig)
    }
  }

  mutating func bring(_ point: Int, to prelude: Prelude) {
    let index = PointIndex(point)
    switch prelude {
    case .rest: break
    case .opening: order(.open(index), 500)
    case .open: order(.open(index), 4_000)
    case .warning:
      order(.open(index), 3_600)
      order(.close(index), 400)
    case .closing:
      order(.open(index), 3_600)
      order(.close(index), 1_600)
    case .obstructed:
      order(.open(index), 3_600)
      order(.close(index), 1_600)
      if let sensor = site.sensor(of: point) { rig.set(sensor, true) }
      run(60)
    case .released:
      rig.set(site.fire, true)
      rig.set(site.wire, true)
      run(700)
    case .heldOpen: order(.startEmergency(PlanIndex(3), drill: false), 700)
    case .lockedDown: order(.startEmergency(PlanIndex(2), drill: false), 40)
    case .outOfService: order(.setOutOfService(index, true), 40)
    case .inMaintenance: order(.setMaintenance(true), 40)
    case .granted: order(grant(1, at: point), 100)
    case .free: order(.setAccess(index, .free), 100)
    case .office: order(.setAccess(index, .office), 100)
    case .propped: order(.setPropped(index, true), 100)
    case .exitPressed:
      if let button = site.exitButton(of: point) {
        rig.set(button.position, true)
        run(40)
        rig.set(button.position, false)
        run(40)
      }
    case .standingOpen:
      order(grant(1, at: point), 100)
      if case .door(let door) = site.setting.points[point], let contact = door.contact {
        rig.set(contact.position, false)
        run(100)
      }
    case .tested:
      order(.setMaintenance(true), 40)
      for output in site.outputs(of: point) {
        order(.testOutput(output, level: true, for: .seconds(5)), 40)
      }
    case .held:
      // Open, a photocell lost, and a person who holds the button.
      guard let (cell, button) = site.cellAndButton(of: point) else { return }
      order(.open(index), 4_000)
      rig.lose(cell)
      run(40)
      rig.set(button, true)
      run(300)
    }
  }

  private mutating func order(_ action: Command.Action, _ milliseconds: Int) {
    rig.order(action)
    run(milliseconds)
  }

  mutating func apply(_ change: Change, to input: Int) {
    switch change {
    case .on: rig.set(input, true)
    case .off: rig.set(input, false)
    case .lost: rig.lose(input)
    }
  }
}

/// Every point of every site.
private let places: [Place] = MixedSite.Kind.allCases.flatMap { kind in
  kind.points.map { Place(kind: kind, point: $0) }
}

private struct Place: CustomTestStringConvertible, Sendable {
  let kind: MixedSite.Kind
  let point: Int
  var testDescription: String { "\(kind) \(point)" }
}

/// Every state, every input of the point, every change: no output combination that must not be.
@Test(arguments: places) private func everyInputChangesInEveryState(_ place: Place) {
  let point = place.point
  let site = MixedSite(place.kind, debounce: .zero)
  let isDoor =
    switch site.setting.points[point] {
    case .door, .turnstile: true
    case .barrier, .gate: false
    }
  for prelude in Prelude.allCases where isDoor || !Prelude.ofDoors.contains(prelude) {
    if prelude == .held, site.cellAndButton(of: point) == nil { continue }
    for input in site.inputs(of: point) + [site.fire, site.wire, site.mains] {
      for change in Change.allCases {
        var bench = Bench(place.kind)
        bench.bring(point, to: prelude)
        // A limit that is held says what the change says, wherever the leaf is.
        bench.site.hold(input, of: point, at: change == .on)
        bench.apply(change, to: input)
        bench.run(1_000)
        bench.apply(change == .off ? .on : .off, to: input)
        bench.run(600)
        #expect(bench.oracle.breach == nil, "\(place.kind) \(point), \(prelude), input \(input) \(change)")
      }
    }
  }
}
