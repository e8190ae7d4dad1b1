import Platform
import Testing

/// What a test waits for, asked often; a liveness bound, not a measurement. That it did not happen is an issue.
public func eventually(seconds: UInt64 = 60, _ what: String, _ condition: () throws -> Bool) rethrows {
  if try eventually(milliseconds: seconds * 1_000, condition) { return }
  Issue.record("did not happen within \(seconds) s: \(what)")
}

/// The same for the test to judge. Ten seconds are far more than any of this takes: only a thing that never happens
/// waits so long.
public func eventually(milliseconds: UInt64 = 10_000, _ condition: () throws -> Bool) rethrows -> Bool {
  let end = MonotonicClock.now() + milliseconds * 1_000_000
  while MonotonicClock.now() < end {
    if try condition() { return true }
    MonotonicClock.sleep(milliseconds: 2)
  }
  return try condition()
}
