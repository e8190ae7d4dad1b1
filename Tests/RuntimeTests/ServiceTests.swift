import Glibc
import Platform
import Testing

@testable import Runtime

/// What systemd hears: a datagram socket of the test stands for it.
@Suite(.serialized) struct ServiceTests {
  @Test func saysReadyAndFeedsTheWatchdogUntilTheEnd() throws {
    let gateway = try RunningGateway(site: BenchSites.simulated)
    let path = "\(gateway.directory.path)/notify.sock"
    let manager = try NotifySocket(path: path)
    try gateway.start(environment: ["NOTIFY_SOCKET": path, "WATCHDOG_USEC": "900000"])
    var heard: [String] = []
    let ready = waitUntil(limit: 10_000) {
      heard += manager.take()
      return heard.contains("READY=1") && heard.count { $0 == "WATCHDOG=1" } >= 3
    }
    #expect(ready != nil, "\(heard)")
    #expect(heard.contains { $0.hasPrefix("STATUS=running") })
    #expect(heard.first { $0 == "READY=1" || $0 == "WATCHDOG=1" } == "READY=1")
    #expect(try gateway.stop() == .exited(0))
    #expect((heard + manager.take()).contains("STOPPING=1"))
  }

  @Test func theWatchdogStarvesWhenOnePartStands() throws {
    let board = try GuardBoard()
    var told: [String] = []
    var watch = ServiceWatch(board: board, interval: 1_000) { told.append($0) }
    board.phase = .ready
    func look(_ now: UInt64, moving words: [GuardBoard.Word]) -> Int {
      for word in words { board[word] += 1 }
      let before = told.count { $0 == "WATCHDOG=1" }
      watch.look(now: now)
      return told.count { $0 == "WATCHDOG=1" } - before
    }
    #expect(look(1_000, moving: [.beats, .busProgress, .journalProgress]) == 1)
    for (place, still) in [GuardBoard.Word.beats, .busProgress, .journalProgress].enumerated() {
      let moving = [GuardBoard.Word.beats, .busProgress, .journalProgress].filter { $0 != still }
      #expect(look(UInt64(place + 2) * 10_000, moving: moving) == 0, "\(still)")
    }
    #expect(look(90_000, moving: [.beats, .busProgress, .journalProgress]) == 1)
    #expect(told.first == "READY=1")
  }
}

/// A datagram socket under a path.
final class NotifySocket {
  private let raw: Int32

  init(path: String) throws {
    let made = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard made >= 0 else { throw SystemError(call: "socket") }
    raw = made
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: Array(path.utf8)) }
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(made, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0 else { throw SystemError(call: "bind \(path)") }
  }

  deinit { close(raw) }

  func take() -> [String] {
    var texts: [String] = []
    var buffer = [UInt8](repeating: 0, count: 1_024)
    while true {
      let count = unsafe recv(raw, &buffer, buffer.count, 0)
      if count <= 0 { return texts }
      texts.append(String(decoding: buffer[..<count], as: UTF8.self))
    }
  }
}
