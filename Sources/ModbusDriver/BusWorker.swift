import ControlCore
import Platform
import Synchronization

/// The bus's thread: opens the link, writes what changed, polls, tries quarantined units, pauses.
final class BusWorker: @unchecked Sendable {
  enum Answer {
    case given
    /// A Modbus exception: the unit lives. Codes 5 and 6 say that it is busy and will do it another time.
    case refused(code: Int32)
    case none
    case linkLost

    var isBusy: Bool {
      if case .refused(let code) = self { code == 5 || code == 6 } else { false }
    }
  }

  let setting: ModbusBusSetting
  let inputs: ModbusInputTable
  let outputs: ModbusOutputTable
  let connection: ModbusConnection
  private let shared: BusShared
  var units: [UnitState]
  var bits = [UInt8](repeating: 0, count: ModbusLimits.bitsOfRead)
  var registers = [UInt16](repeating: 0, count: ModbusLimits.registersOfRead)
  /// While units answer, no quarantined one is tried before this.
  var probeNotBefore: UInt64 = 0
  private var linkError: String?
  private var reconnectPause = ModbusLimits.shortestReconnect.nanoseconds
  private var connects: UInt64 = 0
  private var publishAt: UInt64 = 0
  /// By input: its register was between all bands when it was read last.
  var isBetween: [Bool]
  /// On the way out: every output is wanted at its safe level.
  var isEnding = false

  init(setting: ModbusBusSetting, shared: BusShared, connection: ModbusConnection) {
    self.setting = setting
    self.shared = shared
    self.connection = connection
    inputs = shared.inputs
    outputs = shared.outputs
    isBetween = Array(repeating: false, count: setting.inputs.count)
    units = setting.units.map { UnitState(unit: $0, setting: setting) }
  }

  private var isStopping: Bool { shared.stopping.load(ordering: .acquiring) }

  func run() {
    publish()
    while !isStopping {
      if openLink() { round() }
      if MonotonicClock.now() >= publishAt { publish() }
      rest()
    }
    leaveSafe()
    connection.close()
    publish()
  }

  private func round() {
    let now = MonotonicClock.now()
    for index in units.indices { units[index].isTroubled = now < units[index].restUntil }
    writeAll()
    for index in units.indices where units[index].takesPart {
      var place = 0
      while place < units[index].groups.count, units[index].takesPart, linkError == nil, !isStopping {
        if outputs.takeChange() { writeAll() }
        place += poll(index, place)
      }
      if units[index].takesPart, linkError == nil, !isStopping { readBack(index) }
    }
    if linkError == nil { probe() }
  }

  /// The pause after a round, or until the link is tried again; a changed output is written at once.
  private func rest() {
    let end = MonotonicClock.now() &+ (linkError == nil ? setting.poll.nanoseconds : reconnectPause)
    while !isStopping {
      let now = MonotonicClock.now()
      if now >= end { return }
      _ = shared.wake.wait(milliseconds: Int32(min((end - now) / 1_000_000 + 1, 60_000)))
      if linkError == nil, outputs.takeChange() { writeAll() }
    }
  }

  /// Asks a unit; keeps the accounts of it and of the link.
  func ask(_ index: Int, _ body: () throws(ModbusError) -> Void) -> Answer {
    if !openLink() { return .linkLost }
    connection.setTimeout(units[index].timeout)
    let start = MonotonicClock.now()
    do throws(ModbusError) {
      try body()
      answered(index)
      return .given
    } catch {
      units[index].errors += 1
      units[index].lastError = "\(error)"
      if case .exception(_, _, let code, _) = error {
        answered(index)
        return .refused(code: code)
      }
      if case .watchdog = error {
        answered(index)
        return .refused(code: 0)
      }
      if case .unit(_, _, let code, _) = error, !connection.isOpen, code != Self.timedOut { linkBroke() }
      failed(index, cost: MonotonicClock.now() &- start)
      return .none
    }
  }

  /// ETIMEDOUT.
  private static let timedOut: Int32 = 110

  private func answered(_ index: Int) {
    let now = MonotonicClock.now()
    units[index].polls += 1
    units[index].failures = 0
    if units[index].condition == .good {
      if now &- units[index].goodSince > ModbusLimits.settled.nanoseconds {
        units[index].pause = ModbusLimits.shortestQuarantine.nanoseconds
      }
      return
    }
    // The first that answers on a link that was silent: the others may be back as well.
    if !units.contains(where: { $0.condition == .good }) {
      for other in units.indices { units[other].retryAt = max(now, units[other].restUntil) }
      probeNotBefore = now
    }
    if units[index].condition == .quarantined { forget(index) }
    units[index].condition = .good
    units[index].goodSince = now
    publish()
  }

  private func failed(_ index: Int, cost: UInt64) {
    let now = MonotonicClock.now()
    units[index].failures += 1
    units[index].isTroubled = true
    if case .serial = setting.link {
      units[index].restUntil = now &+ ModbusLimits.restOfSerial * units[index].timeout.nanoseconds
    }
    let isProbe = units[index].condition == .quarantined
    if !isProbe, units[index].failures < ModbusLimits.tries { return }
    if isProbe {
      units[index].pause = min(units[index].pause * 2, ModbusLimits.longestQuarantine.nanoseconds)
    }
    units[index].condition = .quarantined
    units[index].retryAt = max(now &+ units[index].pause, units[index].restUntil)
    forget(index)
    probeNotBefore = max(probeNotBefore, now &+ cost &* ModbusLimits.probeShare)
    for group in units[index].groups {
      for member in group.members { inputs.spoil(member.slot) }
    }
    publish()
  }

  private func forget(_ index: Int) {
    units[index].forget()
    for output in units[index].outputs { outputs.agree(output.slot) }
  }

  /// Tries at most one quarantined unit whose time has come, the longest waiting first.
  private func probe() {
    let now = MonotonicClock.now()
    if units.contains(where: { $0.condition != .quarantined }), now < probeNotBefore { return }
    let due = units.indices.filter { units[$0].condition == .quarantined && units[$0].retryAt <= now }
    guard let index = due.min(by: { units[$0].retryAt < units[$1].retryAt }) else { return }
    units[index].isTroubled = false
    if !units[index].groups.isEmpty {
      _ = poll(index, 0)
    } else if !units[index].outputs.isEmpty {
      writeOutputs(index)
    } else {
      setWatchdog(index)
    }
  }

  // The link.

  private func openLink() -> Bool {
    if connection.isOpen { return true }
    connection.setTimeout(setting.timeout)
    do throws(ModbusError) {
      try connection.open()
    } catch {
      loseLink(error)
      return false
    }
    connects += 1
    reconnectPause = ModbusLimits.shortestReconnect.nanoseconds
    if linkError != nil {
      linkError = nil
      publish()
    }
    return true
  }

  /// The link cannot be opened: nothing is known of any unit.
  private func loseLink(_ error: ModbusError) {
    if linkError != nil {
      reconnectPause = min(reconnectPause * 2, ModbusLimits.longestReconnect.nanoseconds)
    }
    linkError = "\(error)"
    for index in units.indices {
      units[index].condition = .unknown
      units[index].failures = 0
      units[index].isTroubled = true
      forget(index)
    }
    for slot in 0..<inputs.count { inputs.spoil(slot) }
    publish()
  }

  /// The other end closed the link; it may have been off. Levels and watchdogs are written again.
  private func linkBroke() {
    for index in units.indices {
      for place in units[index].outputs.indices { units[index].outputs[place].written = nil }
      units[index].watchdogDue = 0
    }
  }

  private func leaveSafe() {
    isEnding = true
    guard connection.isOpen else { return }
    for index in units.indices where units[index].condition == .good {
      units[index].isTroubled = false
      for place in units[index].outputs.indices { units[index].outputs[place].written = nil }
      writeOutputs(index)
    }
  }

  private func publish() {
    let now = MonotonicClock.now()
    publishAt = now &+ ModbusLimits.statusPeriod.nanoseconds
    let good = units.count { $0.condition == .good }
    let state: ModbusBusStatus.State =
      good == units.count && linkError == nil ? .good : good > 0 ? .partial : .down
    let status = ModbusBusStatus(
      name: setting.name, link: "\(setting.link)", state: state, linkError: linkError, connects: connects,
      units: units.map { $0.status(now: now) })
    shared.status.withLock { $0 = status }
  }
}
