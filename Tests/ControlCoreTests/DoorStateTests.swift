import ControlCore
import Testing

private let contact = 0
private let passive = 1
private let button = 2
private let tamper = 3
private let fire = 4
private let bond = 5

/// The doors whose tables are written down.
enum DoorKind: String, CaseIterable, CustomStringConvertible {
  case secure, safe, blind, leaves

  var description: String { rawValue }

  /// A strike, a magnet with its bond, a strike without a contact, a strike with two leaves.
  var setting: ControllerSetting {
    var door = DoorSetting(lock: OutputIndex(0))
    door.fail = self == .safe ? .safe : .secure
    door.held = .seconds(10)
    if self == .blind { door.relock = .onTime } else { door.contact = InputIndex(contact) }
    if self == .leaves { door.passiveContact = InputIndex(passive) }
    if self == .safe { door.bond = InputIndex(bond) }
    door.exitButton = InputIndex(button)
    door.tamper = InputIndex(tamper)
    return ControllerSetting(
      inputs: [InputSetting](repeating: InputSetting(), count: 6), outputs: [OutputSetting()],
      points: [.door(door)],
      emergencies: [
        EmergencySetting(inputs: [InputIndex(fire)], release: [PointIndex(0)]),
        EmergencySetting(lock: [PointIndex(0)]),
      ])
  }

  fileprivate var hasContact: Bool { self != .blind }
}

/// The magnet's bond follows its lock, as long as the leaf is there.
private func follow(_ rig: Rig) {
  rig.set(bond, rig[0] && rig.image.level[contact], rig.image.quality[bond] == .bad ? .bad : .good)
}

private func prepare(_ rig: Rig) {
  rig.plant = follow
  for input in 0..<6 { rig.set(input, input == contact || input == passive) }
  rig.run(3)
}

private func states(_ kind: DoorKind) -> [StateTable.Act] {
  let granted = StateTable.Act.order("granted", grant(7))
  let freed = StateTable.Act.order("free", .setAccess(point0, .free))
  let released = StateTable.Act.set("released", fire, true)
  let lockdown = StateTable.Act.order("lockdown", .startEmergency(PlanIndex(1), drill: false))
  var states: [StateTable.Act] = [
    .order("locked"), granted, .set("exit pressed", button, true), freed, released, lockdown,
    .order("out of service", .setOutOfService(point0, true)), .order("maintenance", .setMaintenance(true)),
  ]
  guard kind.hasContact else { return states }
  let opens = StateTable.Act.set("", contact, false)
  if kind == .leaves {
    let second = StateTable.Act.set("", passive, false)
    states += [
      granted.then("", opens).then("both open", second),
      granted.then("", opens).then("", second).then("second open", .set("", contact, true)),
    ]
  }
  states += [
    granted.then("open", opens), freed.then("free and open", opens),
    released.then("released and open", opens),
    granted.then("held", .set("", contact, false, milliseconds: 10_001)),
    opens.then("forced", .set("", contact, false, milliseconds: 100)),
    StateTable.Act.order("", .setPropped(point0, true)).then("propped", granted.then("", opens)),
    opens.then("forced in lockdown", lockdown),
  ]
  return states
}

private func changes(_ kind: DoorKind) -> [StateTable.Act] {
  let leaf: [StateTable.Act] = [
    .set("contact off", contact, false), .set("contact on", contact, true), .lose("contact lost", contact),
  ]
  if kind == .leaves {
    return leaf + [
      .set("passive off", passive, false), .set("passive on", passive, true), .lose("passive lost", passive),
    ]
  }
  var changes: [StateTable.Act] = [
    .set("button pressed", button, true), .set("button let go", button, false), .lose("button lost", button),
    .set("tamper on", tamper, true), .lose("tamper lost", tamper), .set("fire on", fire, true),
    .set("fire off", fire, false), .lose("fire lost", fire), .init("6 s") { $0.run(6_000) },
  ]
  if kind.hasContact { changes += leaf }
  if kind == .safe { changes.append(.lose("bond lost", bond)) }
  return changes
}

@Test(arguments: DoorKind.allCases) func everyStateOfADoorAtEveryChange(_ kind: DoorKind) {
  let table = StateTable(
    setting: kind.setting, outputNames: ["lock"], prepare: prepare, states: states(kind),
    changes: changes(kind))
  table.check(kind.table, kind.rawValue)
}
