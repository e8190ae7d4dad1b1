/// One output held by a technician; free while `output` is negative.
struct OutputTest {
  var output: Int = -1
  var point: Int = -1
  var level = false
  var ends = Instant.zero
  var token: UInt64 = 0

  @_noLocks init() {}

  var isFree: Bool { @_noLocks get { output < 0 } }
}
