import AccessPolicy
import ControlCore
import Testing

@Suite struct PassageStateTests {
  let setting = TestSite.setting(zone: .utc)
  let list = TestSite.list()

  private func request(_ reader: String, _ credential: CredentialKey?, second: UInt64) -> AccessRequest {
    let index = setting.readers.firstIndex { $0.name == reader }!
    return AccessRequest(
      reader: ReaderIndex(index), credential: credential, at: 1_795_305_600_000 + Int64(second) * 1000,
      now: Instant.zero + .seconds(second + 1000))
  }

  /// Decides, and where granted goes through at once.
  @discardableResult
  private func pass(
    _ reader: String, _ credential: CredentialKey, _ decider: borrowing Decider, _ state: inout PassageState,
    second: UInt64, list other: ListSnapshot? = nil
  ) -> Reason {
    let request = request(reader, credential, second: second)
    let decision = decider.decide(request, list: other ?? list, state: state)
    state.granted(passage: second, request: request, decision: decision)
    state.passed(passage: second, at: request.at, now: request.now)
    return decision.reason
  }

  @Test func rowsTellWhatChangedOnce() throws {
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    let key = try CredentialKey.parse("plate:鲁K4M9P6")
    pass("lane1.camera", key, decider, &state, second: 0)
    let first = state.takeChanges()
    #expect(
      first == [PassageRow(credential: "plate:鲁K4M9P6", areas: "garage", at: 1_795_305_600_000, uses: 1)])
    let nothing = state.takeChanges()
    #expect(nothing.isEmpty)
    pass("lane2.camera", key, decider, &state, second: 60)
    let second = state.takeChanges()
    #expect(
      second == [PassageRow(credential: "plate:鲁K4M9P6", areas: "-garage", at: 1_795_305_660_000, uses: 2)])
    let all = state.allRows()
    #expect(all == second)
  }

  @Test func unnamedPassagesAreCountedAndKept() throws {
    var state = PassageState(setting: setting)
    state.passedUnnamed(point: TestSite.point("lane1"), side: .in)
    state.passedUnnamed(point: TestSite.point("lane1"), side: .in)
    state.passedUnnamed(point: TestSite.point("lane2"), side: .out)
    #expect(state.occupancy(of: 0) == 1)
    let rows = state.takeChanges()
    #expect(rows == [PassageRow(credential: "area:garage", areas: "garage", at: 0, uses: 1)])
    let again = PassageState(setting: setting, rows: rows)
    #expect(again.occupancy(of: 0) == 1)
    for _ in 0..<3 { state.passedUnnamed(point: TestSite.point("lane2"), side: .out) }
    #expect(state.occupancy(of: 0) == 0)
  }

  @Test func rowsOfAnotherSiteAreLeftOut() {
    let rows = [
      PassageRow(credential: "plate:京A12345", areas: "cellar;garage", at: 1, uses: 0),
      PassageRow(credential: "area:cellar", areas: "cellar", at: 0, uses: 9),
      PassageRow(credential: "nonsense", areas: "garage", at: 0, uses: 1),
    ]
    let state = PassageState(setting: setting, rows: rows)
    #expect(state.occupancy(of: 0) == 1)
    let kept = state.allRows()
    #expect(kept.map(\.areas) == ["garage"])
  }

  /// The same credential issued anew, valid from later on, starts counting at none.
  @Test func anEntryIssuedAnewCountsAnew() throws {
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    let key = try CredentialKey.parse("qr:DAY-PASS")
    func list(from: Int64) -> ListSnapshot {
      let row = ListRow(credential: key, groups: [0], validFrom: from, uses: 1)
      return ListSnapshot(rows: [row], version: 1, groups: setting.groups)
    }
    let today = list(from: 1_795_305_600_000)
    #expect(pass("lobby.qr", key, decider, &state, second: 0, list: today) == .granted)
    #expect(pass("lobby.qr", key, decider, &state, second: 10, list: today) == .deniedCredentialMaxUses)
    let tomorrow = list(from: 1_795_305_600_000 + 86_400_000)
    #expect(pass("lobby.qr", key, decider, &state, second: 86_500, list: tomorrow) == .granted)
    #expect(
      pass("lobby.qr", key, decider, &state, second: 86_510, list: tomorrow) == .deniedCredentialMaxUses)
  }

  /// A parked car does not open the barrier again; one whose grant the machine refused is decided anew.
  @Test func aRefusedGrantIsDecidedAnew() throws {
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    let key = try CredentialKey.parse("plate:京A12345")
    for second in 0..<40 as Range<UInt64> {
      let request = request("lane1.camera", key, second: second)
      let decision = decider.decide(request, list: list, state: state)
      #expect(decision.isRepeat == (second != 0 && second != 28), "second \(second)")
      state.noteRead(request, decision)
      state.granted(passage: second + 1, request: request, decision: decision)
      if second == 10 { state.takenBack(passage: 1) }
      if second == 20 { state.refused(passage: 1) }
    }
  }

  /// Who asks why is told all rules, whatever was read a moment ago.
  @Test func aQuestionIsNoRepeat() throws {
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    let request = request("lane1.camera", try CredentialKey.parse("plate:京A12345"), second: 0)
    state.noteRead(request, decider.decide(request, list: list, state: state))
    let repeated = decider.decide(request, list: list, state: state)
    let asked = decider.judge(request, list: list, state: state)
    #expect(repeated.isRepeat && repeated.trace.count == 1)
    #expect(!asked.isRepeat && asked.isGrant && asked.trace.count > 10)
  }

  @Test func pendingGrantsAreBounded() throws {
    let decider = Decider(setting: setting)
    var state = PassageState(setting: setting)
    let key = try CredentialKey.parse("card:H10301/123/45678")
    let request = request("lobby.card", key, second: 0)
    let decision = decider.decide(request, list: list, state: state)
    #expect(decision.isGrant)
    for passage in 0..<1000 as Range<UInt64> {
      state.granted(passage: passage, request: request, decision: decision)
    }
    #expect(state.pendingCount == PolicyLimits.pendingPassages)
    let gone = state.passed(passage: 0, at: 0, now: .zero)
    let kept = state.passed(passage: 999, at: 0, now: .zero)
    #expect(!gone && kept)
    state.takenBack(passage: 998)
    let taken = state.passed(passage: 998, at: 0, now: .zero)
    #expect(!taken)
  }

  @Test func theTableForgetsThoseOutsideFirst() throws {
    var free = setting
    free.areas[0].capacity = nil
    let decider = Decider(setting: free)
    var state = PassageState(setting: free, limit: 64)
    let rows = (0..<200).map { ListRow(credential: SnapshotTests.plate($0), groups: [0]) }
    let many = ListSnapshot(rows: rows, version: 1, groups: setting.groups)
    pass("lane1.camera", rows[0].credential, decider, &state, second: 1, list: many)
    for (place, row) in rows.enumerated().dropFirst() {
      pass("lane1.camera", row.credential, decider, &state, second: UInt64(place * 10), list: many)
      pass("lane2.camera", row.credential, decider, &state, second: UInt64(place * 10 + 1), list: many)
    }
    #expect(state.areas(of: rows[0].credential) == [0])
    #expect(state.occupancy(of: 0) == 1)
    #expect(state.forgotten > 0)
    #expect(state.allRows().count <= 64)
  }

  /// An inner door is one area's exit and the other's entry.
  @Test func anInnerDoorLeadsFromAreaToArea() throws {
    var inner = setting
    inner.areas[0].exits.append(TestSite.point("lobby"))
    inner.areas.append(
      AreaSetting(
        name: "cellar", capacity: nil, entries: [TestSite.point("lobby")], exits: [], passback: .hard))
    let decider = Decider(setting: inner)
    var state = PassageState(setting: inner)
    let key = try CredentialKey.parse("plate:京A12345")
    #expect(pass("lane1.camera", key, decider, &state, second: 0) == .granted)
    #expect(pass("lobby.camera", key, decider, &state, second: 10) == .granted)
    #expect(state.areas(of: key) == [inner.areas.count - 1])
    #expect(state.occupancy(of: 0) == 0)
    #expect(pass("lane2.camera", key, decider, &state, second: 20) == .deniedPassback)
  }
}
