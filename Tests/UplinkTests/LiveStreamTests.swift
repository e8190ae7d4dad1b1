import Journal
import Messages
import Testing

@testable import Uplink

@Suite struct LiveStreamTests {
  private func record(_ seq: Int64, _ type: LogRecord.Kind, credential: String? = nil) -> StoredRecord {
    let record = LogRecord(
      at: Timestamp(milliseconds: 0), clock: .synced, monotonic: 1, type: type, credential: credential)
    return StoredRecord(seq: seq, bytes: record.encoded(seq: seq), hash: [])
  }

  @Test func trafficIsBoundedAndAlarmsAreNot() {
    var live = LiveStream(after: 0, now: 0)
    let rush = (1...200).map { record($0, $0 % 20 == 0 ? .doorAlarm : $0 == 199 ? .emergency : .access) }
    let sent = live.take(rush, now: 1)
    #expect(sent.count == UplinkLimits.liveRecords + 11)
    #expect(sent.filter { LiveStream.isUrgent($0.bytes) }.count == 11)
    #expect(live.after == 200)
    #expect(live.take([record(201, .access)], now: 999_999_999).isEmpty, "the second is not over")
    #expect(live.take([record(202, .access)], now: 1_000_000_000).map(\.seq) == [202])
    #expect(live.take([], now: 2_000_000_000).isEmpty && live.after == 202)
  }

  @Test func whatACredentialSaysIsNoAlarm() {
    #expect(!LiveStream.isUrgent(record(1, .access, credential: #"qr:"type":"emergency""#).bytes))
  }
}
