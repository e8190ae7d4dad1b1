import Messages

/// A controller's answers on a bad day.
enum Answers {
  static let status: JSONValue = [
    "gateway": "gw-0417", "site": "riverside", "boot": 7, "clock": "synced", "uptime_ms": 7_200_000,
    "maintenance": false,
    "loop": [
      "scans": 7_200_000, "overruns": 2, "lateness_us": ["p50": 30, "p99": 90, "p999": 400, "max": 1_250],
    ],
    "journal": [
      "first": 1, "last": 5_120, "acked": 5_000, "depth": 120, "capacity": 1_000_000, "state": "ok",
      "bytes": 1_400_000,
    ],
    "list": ["version": 42, "count": 813],
    "buses": [
      [
        "name": "io", "link": "tcp 127.0.0.1:5020", "state": "partial",
        "units": [
          ["unit": 1, "state": "good", "polls": 900, "errors": 0],
          ["unit": 2, "state": "quarantined", "polls": 700, "errors": 9, "last_error": "timed out"],
        ],
      ]
    ],
    "points": [
      ["name": "lane1", "state": "closed"], ["name": "lobby", "state": "unknown"],
    ],
    "emergencies": [
      ["name": "fire", "active": true, "drill": true], ["name": "lockdown", "active": false],
    ],
    "guard": ["restarts": 1, "last_cause": "ended by signal 9 (Killed)"],
    "faults": ["input lobby.contact: lost", "clock: holdover"],
    "event_to_output_us": ["count": 12, "p50": 1_150, "p99": 4_200, "max": 5_000],
  ]

  static let inputs: JSONValue = [
    [
      "name": "lobby.contact", "level": false, "quality": "bad", "wiring": "io unit 2 discrete_input 0",
      "age_ms": 12_400,
    ],
    [
      "name": "lane1.loop", "level": true, "quality": "good", "wiring": "io unit 1 discrete_input 3",
      "age_ms": 1,
    ],
  ]

  static let points: JSONValue = [
    [
      "name": "lane1", "kind": "barrier", "state": "open", "passage": "p-7-19", "presence": true,
      "released": false, "locked_down": false, "out_of_service": false, "cycles": 311, "since_ms": 2_400,
    ],
    [
      "name": "yard", "kind": "gate", "state": "faulted", "fault": "obstructed-twice", "passage": nil,
      "presence": false, "released": false, "locked_down": true, "out_of_service": true, "cycles": 4,
      "since_ms": 600_000,
    ],
  ]

  static let record: JSONValue = [
    "v": 1, "gateway": "gw-0417", "seq": 101, "boot": 7, "at": "2026-11-22T08:00:00.123Z", "clock": "synced",
    "mono_ns": 123, "type": "access", "point": "lane1", "reader": "lane1.camera", "side": "in",
    "credential": "plate:京A12345", "decision": "grant", "reason": "granted", "detail": [],
  ]
}
