import Glibc
import HTTPMessages
import HTTPTesting
import JSON
import Testing

/// A running Sesame, an application, and a real proxy in front of both.
struct GatewayWorld {
  let program: RunningProgram
  let application: RecordingServer
  let proxy: ReverseProxy.Running

  /// A new connection to the proxy.
  func client() throws -> ServiceClient { try ServiceClient(port: proxy.port) }

  /// Sends a request that must pass, and answers what the application got.
  func passed(
    _ method: String = "GET", _ target: String = "/", _ body: String? = nil, bearer: String? = nil,
    fields: [(name: String, value: String)] = []
  ) throws -> HTTPRequest {
    let before = application.seen.count
    let reply = try client().send(method, target, body, bearer: bearer, fields: fields)
    try #require(reply.status == 200 && reply.text == "seen", "\(method) \(target): \(reply.status) \(reply.text)")
    try #require(application.seen.count == before + 1)
    return application.seen[before]
  }

  /// Sends a request that must not reach the application, and answers what the client got.
  func refused(
    _ method: String = "GET", _ target: String = "/", _ body: String? = nil, bearer: String? = nil,
    fields: [(name: String, value: String)] = []
  ) throws -> HTTPReply {
    let before = application.seen.count
    let reply = try client().send(method, target, body, bearer: bearer, fields: fields)
    #expect(application.seen.count == before, "\(method) \(target) \(fields) reached the application")
    return reply
  }
}

extension HTTPRequest {
  /// Whose the request is, as far as an application that is easily deceived can tell.
  var identity: [[String]] {
    ["X-Sesame-User", "X-Sesame-Session", "X-Sesame-Level"].map { values(likeName: $0) }
  }
}

/// Runs Sesame, an application and a proxy while `body` talks to them.
func withGateway(
  _ proxy: ReverseProxy, _ flags: [String] = [], _ body: @escaping @Sendable (GatewayWorld) throws -> Void
) async throws {
  let application = RecordingServer()
  try await application.serve {
    try await withProgram(flags) { program in
      let folder = try TemporaryFolder()
      let running = try proxy.start(in: folder, sesame: program.port, backend: application.port)
      defer {
        running.process.send(SIGKILL)
        _ = running.process.waitForEnd()
      }
      try body(GatewayWorld(program: program, application: application, proxy: running))
    }
  }
}
