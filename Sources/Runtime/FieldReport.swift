import ControlCore
import GPIODriver
import Messages
import Platform
import Site
import Synchronization

/// How the field's chips and buses do: told by the scan and the wires' threads, read by `status` and the health watch.
@safe final class FieldReport: @unchecked Sendable {
  let site: SiteDescription
  let chipErrors: [String?]
  /// For each chip two words: the scan's last `errno` of reading and of writing.
  private let codes: UnsafeMutablePointer<Atomic<Int32>>
  /// For each output what its feedback tells against it: bit 63 the level, the rest since when; 0 where nothing.
  private let echoes: UnsafeMutablePointer<Atomic<UInt64>>
  private let readerFaults = Mutex<[String]>([])
  let buses: [FieldBus]

  init(site: SiteDescription, chipErrors: [String?]) {
    self.site = site
    self.chipErrors = chipErrors
    buses = BusWiring.all(of: site).map { FieldBus($0) }
    let count = max(1, site.chips.count * 2)
    unsafe codes = .allocate(capacity: count)
    for place in 0..<count { unsafe (codes + place).initialize(to: Atomic(0)) }
    let outputs = max(1, site.outputNames.count)
    unsafe echoes = .allocate(capacity: outputs)
    for place in 0..<outputs { unsafe (echoes + place).initialize(to: Atomic(0)) }
  }

  deinit {
    unsafe codes.deallocate()
    unsafe echoes.deallocate()
  }

  // The scan's side.

  func setReadCode(_ code: Int32, chip: Int) { unsafe codes[chip * 2].store(code, ordering: .relaxed) }
  func setWriteCode(_ code: Int32, chip: Int) { unsafe codes[chip * 2 + 1].store(code, ordering: .relaxed) }

  func setEcho(_ difference: (level: Bool, since: UInt64)?, output: OutputIndex) {
    let word = difference.map { ($0.level ? 1 << 63 : 0) | $0.since & ~(1 << 63) } ?? 0
    unsafe echoes[output.position].store(word, ordering: .relaxed)
  }

  // The wires' side.

  func setReaderFaults(_ faults: [String]) { readerFaults.withLock { $0 = faults } }

  var wireFaults: [String] { readerFaults.withLock { $0 } }

  // Everybody's side.

  /// Nil where the chip is there and its lines answer.
  func chipFault(_ place: Int) -> String? {
    if let error = chipErrors[place] { return error }
    let read = unsafe codes[place * 2].load(ordering: .relaxed)
    let write = unsafe codes[place * 2 + 1].load(ordering: .relaxed)
    if read != 0 { return SystemError(call: "read lines", code: read).description }
    if write != 0 { return SystemError(call: "write lines", code: write).description }
    return nil
  }

  /// What an output's feedback tells against it.
  func echo(_ place: Int) -> (level: Bool, since: UInt64)? {
    let word = unsafe echoes[place].load(ordering: .relaxed)
    return word == 0 ? nil : (word >> 63 != 0, word & ~(1 << 63))
  }

  /// A bit for each chip that was there and whose lines fail.
  var suspects: UInt64 {
    site.chips.indices.reduce(0) { bits, place in
      chipErrors[place] == nil && chipFault(place) != nil ? bits | 1 << UInt64(place) : bits
    }
  }
}
