import CMicrohttpd
import Glibc
public import Platform

/// What a client asked, whole.
public struct HTTPRequest: Sendable {
  public var method: String
  /// Without the query, unescaped.
  public var path: String
  public var contentType: String
  public var body: [UInt8]

  public init(method: String, path: String, contentType: String, body: [UInt8]) {
    self.method = method
    self.path = path
    self.contentType = contentType
    self.body = body
  }
}

/// libmicrohttpd behind one function from request to answer, with bounds on everything a client sends.
///
/// Each connection has its own thread of libmicrohttpd's; the function is called on all of them.
@safe public final class HTTPServer: @unchecked Sendable {
  public typealias Handler = @Sendable (HTTPRequest) -> CameraAnswer

  private let handler: Handler
  // Written once, before anybody else has the server.
  private var daemon: OpaquePointer?

  /// `MHD_start_daemon`.
  /// - Throws: ``SystemError`` with the error number of the socket call that failed.
  public init(address: ListenAddress, handler: @escaping Handler) throws(SystemError) {
    self.handler = handler
    let call = "listen on \(address)"
    guard var socketAddress = address.socketAddress else { throw SystemError(call: call, code: EINVAL) }
    var limits = gh_http_limits(
      connections: CameraLimits.connections, connections_per_address: CameraLimits.connectionsPerAddress,
      idle_seconds: CameraLimits.idleSeconds, connection_memory: CameraLimits.connectionMemory)
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    errno = 0
    unsafe daemon = withUnsafePointer(to: &socketAddress) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe gh_MHD_start_daemon($0, takeRequest, endRequest, context, &limits)
      }
    }
    guard unsafe daemon != nil else { throw SystemError(call: call, code: errno == 0 ? EADDRINUSE : errno) }
  }

  deinit {
    stop()
  }

  /// The port that the system gave.
  public var port: UInt16 { unsafe gh_MHD_get_daemon_info_bind_port(daemon) }

  /// `MHD_stop_daemon`: ends when the last handler has returned.
  public func stop() {
    if let daemon = unsafe daemon { unsafe MHD_stop_daemon(daemon) }
    unsafe daemon = nil
  }

  fileprivate func answer(_ request: HTTPRequest) -> CameraAnswer { handler(request) }
}

/// One request while it arrives.
private final class Arrival {
  let deadline = MonotonicClock.now() + CameraLimits.postMilliseconds * 1_000_000
  var body: [UInt8] = []
  var tooLarge = false
}

private let takeRequest: MHD_AccessHandlerCallback = {
  context, connection, url, method, _, bytes, count, memory in
  let server = unsafe Unmanaged<HTTPServer>.fromOpaque(context!).takeUnretainedValue()
  guard let known = unsafe memory!.pointee else {
    let arrival = Arrival()
    unsafe memory!.pointee = Unmanaged.passRetained(arrival).toOpaque()
    let announced = unsafe header("Content-Length", of: connection).flatMap { Int($0) } ?? 0
    return announced > CameraLimits.bodyBytes ? unsafe queue(tooLarge(), on: connection) : .YES
  }
  let arrival = unsafe Unmanaged<Arrival>.fromOpaque(known).takeUnretainedValue()
  let arrived = unsafe count!.pointee
  if arrived > 0 {
    guard MonotonicClock.now() < arrival.deadline else { return .NO }
    unsafe arrival.take(UnsafeRawBufferPointer(start: bytes, count: arrived))
    unsafe count!.pointee = 0
    return arrival.tooLarge ? .NO : .YES
  }
  let request = unsafe HTTPRequest(
    method: String(cString: method!), path: String(cString: url!),
    contentType: header("Content-Type", of: connection) ?? "", body: arrival.body)
  return unsafe queue(server.answer(request), on: connection)
}

private let endRequest: MHD_RequestCompletedCallback = { _, _, memory, _ in
  if let held = unsafe memory!.pointee { unsafe Unmanaged<Arrival>.fromOpaque(held).release() }
  unsafe memory!.pointee = nil
}

extension Arrival {
  fileprivate func take(_ bytes: UnsafeRawBufferPointer) {
    // A body that did not announce its length, and goes on: the connection is closed on it.
    guard body.count + bytes.count <= CameraLimits.bodyBytes else {
      tooLarge = true
      body = []
      return
    }
    unsafe body.append(contentsOf: bytes)
  }
}

private func tooLarge() -> CameraAnswer {
  CameraAnswer(status: 413, error: "more than \(CameraLimits.bodyBytes) bytes")
}

private func header(_ name: String, of connection: OpaquePointer?) -> String? {
  unsafe MHD_lookup_connection_value(connection, .HEADER_KIND, name).map { unsafe String(cString: $0) }
}

private func queue(_ answer: CameraAnswer, on connection: OpaquePointer?) -> MHD_Result {
  var body = answer.body
  guard
    let response = unsafe MHD_create_response_from_buffer(body.count, &body, .RESPMEM_MUST_COPY)
  else { return .NO }
  defer { unsafe MHD_destroy_response(response) }
  unsafe MHD_add_response_header(response, "Content-Type", answer.contentType)
  return unsafe MHD_queue_response(connection, answer.status, response)
}
