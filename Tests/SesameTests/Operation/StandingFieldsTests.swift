import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct StandingFieldsTests {
    private static let standing = [
      "cache-control": "no-store", "x-content-type-options": "nosniff", "referrer-policy": "no-referrer",
      "cross-origin-resource-policy": "same-origin",
    ]

    /// The pages are the same for everybody: a browser may keep them, if it asks each time.
    private static let pages: Set = ["GET /console", "HEAD /console", "GET /account", "HEAD /account"]

    private func expectFields(_ reply: HTTPReply, _ what: String) {
      var standing = Self.standing
      if Self.pages.contains(what) { standing["cache-control"] = "no-cache" }
      for (name, value) in standing { #expect(reply.values(of: name) == [value], "\(name) of \(what)") }
      #expect(reply.field("content-security-policy")?.contains("frame-ancestors 'none'") == true, "\(what)")
      #expect(reply.values(of: "server") == [] && reply.values(of: "x-powered-by") == [], "\(what)")
      #expect(reply.field("date")?.hasSuffix(" GMT") == true, "\(what)")
    }

    @Test("every route answers every method with the security fields, and none tells what serves it")
    func crawl() async throws {
      try await withProgram { program in
        let client = try program.client()
        let routes = try client.metrics().routes
        #expect(routes.count > 20)
        let (id, token) = try client.open()
        for path in Set(routes.map(\.path)) {
          let target = path.split(separator: "/").map { $0 == "{id}" ? id : String($0) }.map { "/\($0)" }.joined()
          let allowed = Set(routes.filter { $0.path == path }.map(\.method))
          // All of memento's answers have one status, whatever they say.
          let hasStatuses = !["/apigen/", "/apiapp/"].contains { path.hasPrefix($0) }
          // DELETE last, for it takes away what the others need.
          for method in ["OPTIONS", "GET", "HEAD", "PUT", "PATCH", "POST", "DELETE"] {
            for bearer in [nil, token] {
              let reply = try client.send(method, target, method == "POST" ? "{}" : nil, bearer: bearer)
              expectFields(reply, "\(method) \(target)")
              #expect(reply.status < 500, "\(method) \(target)")
              #expect(reply.field("x-request-id") != nil, "\(method) \(target)")
              let isKnown =
                allowed.contains(method) || method == "OPTIONS" || method == "HEAD" && allowed.contains("GET")
              #expect(!hasStatuses || (reply.status == 405) == !isKnown, "\(method) \(target): \(reply.status)")
              if !isKnown || method == "OPTIONS" && !allowed.contains("OPTIONS") {
                let allow = Set(try #require(reply.field("allow")).split(separator: ", ").map(String.init))
                #expect(allow.isSuperset(of: allowed) && allow.contains("OPTIONS"))
              }
              if reply.status >= 400, method != "HEAD" {
                // Protocols that have no code say it in a sentence.
                let word = reply["code"] ?? reply["message"]
                #expect(word?.string?.isEmpty == false, "\(method) \(target): \(reply.text)")
              }
            }
          }
        }
      }
    }

    @Test("answers to what no route sees have the security fields, too")
    func refusals() async throws {
      try await withProgram { program in
        let client = try program.client()
        for target in [
          "/", "/nothing", "/v2", "/v2/sessions/", "/v2/session/nothing", "//", "/%00", "/v2/sessions/%zz",
        ] {
          expectFields(try client.send("GET", target), target)
        }
        for refused in FramingCase.refused {
          let raw = try RawHTTPClient(port: program.port)
          try raw.send(refused.request)
          // Some are requests that never end: then the end of this side says that no more comes.
          raw.halfClose()
          let reply = try raw.reply()
          expectFields(reply, refused.name)
          #expect(reply.status >= 400, "\(refused.name)")
          #expect(reply.field("connection") == "close", "\(refused.name)")
          let id = try #require(reply.field("x-request-id"), "\(refused.name)")
          #expect(reply.text.contains("\"request_id\":\"\(id)\""), "\(refused.name)")
        }
      }
    }

    @Test("a request's id is echoed if it can be one, and made if not")
    func requestID() async throws {
      try await withProgram { program in
        let client = try program.client()
        #expect(
          try client.send("GET", "/healthz", fields: [("X-Request-Id", "abc-1")]).field("x-request-id") == "abc-1")
        var made: Set<String> = []
        for given in ["", "a b", String(repeating: "a", count: 5000), "é"] {
          let reply = try client.send("GET", "/healthz", fields: [("X-Request-Id", given)])
          made.insert(try #require(reply.field("x-request-id")))
        }
        #expect(made.count == 4 && made.allSatisfy { $0.utf8.count >= 16 })
      }
    }

    @Test("a body beyond the limit, and one that is not JSON, are refused", arguments: [70_000, 10])
    func bodies(size: Int) async throws {
      try await withProgram { program in
        let client = try program.client()
        let reply = try client.send(
          "POST", "/v2/sessions", String(repeating: "a", count: size),
          fields: [("Content-Type", size > 10 ? "application/json" : "text/plain")])
        #expect(reply.status == (size > 10 ? 413 : 415))
        expectFields(reply, "\(size) bytes")
      }
    }
  }
}
