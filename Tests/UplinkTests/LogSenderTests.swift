import Journal
import Messages
import Platform
import Testing

@testable import Uplink

@Suite struct LogSenderTests {
  private func journal(_ count: Int) throws -> (TemporaryDirectory, Journal, JournalReader) {
    let place = try TemporaryDirectory(prefix: "uplink")
    let journal = try Journal.open(directory: place.path, gateway: "gw-1", capacity: 10_000)
    _ = try journal.append((0..<count).map(draft))
    return (place, journal, try JournalReader(path: "\(place.path)/gatehouse.db"))
  }

  @Test func theWindowIsOpenedOnlyByHQ() throws {
    let (place, _, reader) = try journal(100)
    var sender = LogSender(window: 3, batch: 10)
    sender.restart(after: 0)
    var sent: [Int64] = []
    while let batch = try sender.next(from: reader, now: 0) { sent.append(batch.last) }
    #expect(sent == [10, 20, 30])
    sender.acknowledge(through: 15)
    #expect(try sender.next(from: reader, now: 0)?.last == 40)
    #expect(try sender.next(from: reader, now: 0) == nil)
    sender.acknowledge(through: 90)
    #expect(try sender.next(from: reader, now: 0)?.first == 91)
    #expect(try sender.next(from: reader, now: 0) == nil)
    sender.acknowledge(through: 50)
    #expect(sender.acknowledged == 90)
    withExtendedLifetime(place) {}
  }

  @Test func aNewConnectionAndAStallSendAgain() throws {
    let (place, _, reader) = try journal(100)
    var sender = LogSender(window: 2, batch: 10)
    sender.restart(after: 20)
    #expect(try sender.next(from: reader, now: 0)?.first == 21)
    sender.restart(after: 20)
    #expect(try sender.next(from: reader, now: 0)?.first == 21)
    #expect(try sender.next(from: reader, now: 0)?.first == 31)
    let later = UplinkLimits.resendMilliseconds * 1_000_000 + 1
    #expect(try sender.next(from: reader, now: later)?.first == 21)
    #expect(try sender.next(from: reader, now: later)?.first == 31)
    // The patience has doubled.
    #expect(try sender.next(from: reader, now: later * 2) == nil)
    #expect(sender.stalls == 1)
    #expect(try sender.next(from: reader, now: later * 3 + 2)?.first == 21)
    #expect(sender.stalls == 2)
    // The next connection is as patient as this one had become, until HQ acknowledges something.
    sender.restart(after: 20)
    #expect(sender.stalls == 0)
    #expect(try sender.next(from: reader, now: 0)?.first == 21)
    #expect(try sender.next(from: reader, now: 0)?.first == 31)
    #expect(try sender.next(from: reader, now: later * 3) == nil)
    sender.acknowledge(through: 30)
    #expect(try sender.next(from: reader, now: later * 3)?.first == 31, "the patience is the first again")
    withExtendedLifetime(place) {}
  }

  @Test func largeRecordsMakeSmallBatches() throws {
    let (place, journal, reader) = try journal(0)
    var large = draft(1)
    large.detail = ["text": .string(String(repeating: "x", count: 200_000))]
    for _ in 0..<20 { _ = try journal.append([large]) }
    var sender = LogSender(window: 100, batch: 500)
    sender.restart(after: 0)
    var sent = 0
    while let batch = try sender.next(from: reader, now: 0) {
      #expect(batch.records.count <= 5)
      sent += batch.records.count
      #expect(try UplinkLogBatch.parse(batch.encoded()) == batch)
    }
    #expect(sent == 20)
    withExtendedLifetime(place) {}
  }
}
