import HTTPMessages
import HTTPServer
import HTTPTesting
import Testing

/// Runs a server while `body` talks to it, then stops it and waits until it has ended.
func withServer<Result: Sendable>(
  threads: Int = 1, addresses: [HTTPServerAddress] = [.tcp(host: "127.0.0.1", port: 0)], tls: HTTPServerTLS? = nil,
  limits: HTTPLimits = HTTPLimits(), standingFields: [HTTPField] = [HTTPField("X-Content-Type-Options", "nosniff")],
  grace: Duration = .seconds(8), handler: TestHandler = TestHandler(),
  _ body: @escaping @Sendable (RunningServer) async throws -> Result
) async throws -> Result {
  let server = try HTTPServer(
    configuration: .init(
      addresses: addresses, tls: tls, threads: threads, limits: limits, standingFields: standingFields,
      stopGrace: grace), handler: handler)
  async let running: Void = server.run()
  do {
    let result = try await onBlockingThread { try await body(RunningServer(server: server, handler: handler)) }
    server.stop()
    try await running
    return result
  } catch {
    server.stop()
    try await running
    throw error
  }
}

/// A server that runs, and its handler.
struct RunningServer: Sendable {
  let server: HTTPServer
  let handler: TestHandler

  /// The port of the first TCP address.
  var port: Int {
    for case .tcp(_, let port) in server.boundAddresses { return port }
    return 0
  }

  /// A new connection to it.
  func client(timeout: Duration = .seconds(20)) throws -> RawHTTPClient {
    try RawHTTPClient(port: port, timeout: timeout)
  }

  /// The status of the answer to that request on a new connection.
  func status(of request: String) throws -> Int {
    try client().exchange(request).status
  }
}
