import AccessPolicy
import Journal
import Messages
import Platform
import Runtime
import Shell
import Simulation
import Site

extension OfflineWork {
  /// With this program's own journal reader and its own decision.
  static let local = OfflineWork(
    verify: { path throws(ShellFault) in try verifyFile(path) },
    records: { (path, after, limit, each) throws(ShellFault) in try pullFile(path, after, limit, each) },
    why: { question throws(ShellFault) in try explain(question) })

  private static func verifyFile(_ path: String) throws(ShellFault) -> LogVerdict {
    do throws(StoreError) {
      let report = try JournalReader.examine(path: path)
      switch report.verdict {
      case .intact(let records):
        let span = LogSpan(
          first: report.first, last: report.last, redacted: report.redacted, lost: report.lost)
        return .intact(records: records, span: span)
      case .broken(let seq, let why): return .broken(seq: seq, why: why)
      }
    } catch {
      throw .misuse("\(path): \(error)")
    }
  }

  private static func pullFile(
    _ path: String, _ after: Int64, _ limit: Int64, _ each: (String) -> Void
  ) throws(ShellFault) {
    do throws(StoreError) {
      let reader = try JournalReader(path: path)
      var after = after
      var left = limit
      while left > 0 {
        let records = try reader.records(after: after, limit: Int(min(left, 1_000)))
        for record in records { each(String(decoding: record.bytes, as: UTF8.self)) }
        guard let last = records.last else { return }
        after = last.seq
        left -= Int64(records.count)
      }
    } catch {
      throw .misuse("\(path): \(error)")
    }
  }

  private static func explain(_ question: Shell.WhyQuestion) throws(ShellFault) -> WhyAnswer {
    guard let at = Timestamp(question.at) else {
      throw .misuse("--at needs a time such as 2026-11-22T08:00:00+08:00, not '\(question.at)'")
    }
    let site = try site(question.site)
    let list = try list(question.list, site)
    do throws(WhyReport.Fault) {
      return try WhyReport.evaluate(
        site: site, list: list, reader: question.reader, credential: question.credential, at: at,
        confidence: question.confidence
      ).json
    } catch {
      throw .misuse("\(error)")
    }
  }

  private static func site(_ path: String) throws(ShellFault) -> SiteDescription {
    do throws(SiteFaults) {
      return try SiteFile.load(path: path, profiles: HardwareFolder.find())
    } catch {
      throw .misuse(error.faults.map(\.description).joined(separator: "\n"))
    }
  }

  private static func list(_ path: String, _ site: SiteDescription) throws(ShellFault) -> ListSnapshot {
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try Files.read(path, limit: 240 << 20)
    } catch {
      throw .misuse("\(error)")
    }
    var reader = AllowListReader(groupNames: site.policy.groups.map(\.name))
    reader.feed(bytes)
    reader.finish()
    guard reader.faultCount == 0 else {
      let shown = reader.faults.prefix(20).map { "\(path): line \($0.line): \($0.text)" }
      throw .misuse(shown.joined(separator: "\n"))
    }
    var builder = ListSnapshotBuilder(expecting: reader.rowCount, groups: site.policy.groups)
    for row in reader.takeRows() { builder.append(row) }
    return ListSnapshot(version: 1, builder: builder)
  }
}
