import AccessPolicy
import TestSupport
import Testing

@Suite struct ZoneTests {
  struct ZoneCase {
    var zone: String
    var at: Int64
    var expected: String
  }

  static func cases() -> [String: [ZoneCase]] {
    let lines = Cases.text("zones.csv").split(separator: "\n").filter { !$0.hasPrefix("#") }
    let all = lines.map { line in
      let fields = line.split(separator: ",").map(String.init)
      return ZoneCase(zone: fields[0], at: Int64(fields[1])!, expected: fields[2...].joined(separator: ","))
    }
    return Dictionary(grouping: all, by: \.zone)
  }

  @Test(arguments: cases().keys.sorted())
  func civilTimes(_ name: String) throws {
    let rules = try Cases.zone(name)
    let cases = try #require(ZoneTests.cases()[name])
    #expect(cases.count >= 30)
    for one in cases {
      let civil = rules.civil(atUnixMilliseconds: one.at)
      let month = (civil.date.month < 10 ? "0" : "") + "\(civil.date.month)"
      let day = (civil.date.day < 10 ? "0" : "") + "\(civil.date.day)"
      let found = "\(civil.date.year)-\(month)-\(day),\(civil.weekday),\(civil.minuteOfDay)"
      #expect(found == one.expected, "\(name) at \(one.at)")
    }
  }

  @Test func changesReachTheYear2100() throws {
    let last = try #require(Cases.zone("Europe/Berlin").changes.last)
    #expect(last.at > 4_102_444_800)
    #expect(try Cases.zone("Europe/Berlin").changes.count < 2000)
  }

  /// No byte of a zone file, changed or missing, may bring the reader down.
  @Test func brokenFilesAreRefusedOrRead() throws {
    let whole = Cases.bytes("/usr/share/zoneinfo/Europe/Berlin")
    for length in stride(from: 0, to: whole.count - 1, by: 3) {
      #expect(throws: ZoneFault.self) { try ZoneRules(tzif: Array(whole.prefix(length))) }
    }
    var numbers = SplitMix64(seed: 20_261_122)
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<4 {
        bytes[Int.random(in: 0..<bytes.count, using: &numbers)] = UInt8.random(in: 0...255, using: &numbers)
      }
      guard let rules = try? ZoneRules(tzif: bytes) else { continue }
      #expect((0..<1440).contains(rules.civil(atUnixMilliseconds: 1_800_000_000_000).minuteOfDay))
    }
  }

  @Test(arguments: [
    ([], ZoneFault.notTZif), (Array("TZif".utf8), .notTZif),
    (Array("TZif".utf8) + Array(repeating: 0, count: 40), .version1),
    (Array(repeating: 65, count: 300_000), .tooLarge),
  ])
  func faults(_ bytes: [UInt8], _ fault: ZoneFault) {
    #expect(throws: fault) { try ZoneRules(tzif: bytes) }
  }

  @Test func utcHasNoOffset() {
    let civil = ZoneRules.utc.civil(atUnixMilliseconds: -1)
    #expect(civil.date == CivilDate(year: 1969, month: 12, day: 31))
    #expect(civil.minuteOfDay == 1439)
    #expect(civil.weekday == 2)
    _ = ZoneRules.utc.civil(atUnixMilliseconds: .min)
    _ = ZoneRules.utc.civil(atUnixMilliseconds: .max)
  }

  @Test func daysAndDatesAgree() {
    for days in stride(from: -800_000, to: 800_000, by: 13) {
      let date = CivilDate(daysSince1970: days)
      #expect(date.exists)
      #expect(date.daysSince1970() == days)
    }
    #expect(!CivilDate(year: 2100, month: 2, day: 29).exists)
    #expect(CivilDate(year: 2000, month: 2, day: 29).exists)
  }
}
