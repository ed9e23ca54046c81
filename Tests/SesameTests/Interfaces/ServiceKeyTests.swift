import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct ServiceKeyTests {
    private static let afar = [(name: "X-Forwarded-For", value: "203.0.113.9")]

    private func key(_ client: ServiceClient, _ scopes: String, _ more: String = "") throws -> (id: Int64, text: String)
    {
      let list = scopes.split(separator: " ").map { "\"\($0)\"" }.joined(separator: ",")
      let made = try client.send("POST", "/v2/keys", #"{"name":"k","scopes":[\#(list)]\#(more)}"#)
      try #require(made.status == 201, "\(made.text)")
      return (try #require(made["key"]?["id"]?.integer), try #require(made["secret"]?.string))
    }

    @Test("another address is refused until there is a key or a trusted network, and a key is then what opens it")
    func otherAddress() async throws {
      let folder = try TemporaryFolder()
      let everywhere = ["serve", "--listen", "0.0.0.0:0", "--data", folder.file("data")]
      try await withProgram(folder: folder) { program in
        #expect(program.stop() == 0)
        let refused = try ProgramRun(sesame: everywhere, in: folder.path)
        #expect(refused.status == 1 && refused.complaint.contains("server.trusted_networks"), "no key yet")
        try program.start()
        let first = try key(program.client(), "sessions:write")
        #expect(program.stop() == 0)
        let port = FreePort.find()
        try program.start(["--listen", "0.0.0.0:\(port)"])
        let client = try ServiceClient(port: port)
        let body = #"{"user_id":"ann"}"#
        #expect(try client.send("POST", "/v2/sessions", body, fields: Self.afar).status == 401)
        #expect(try client.send("POST", "/v2/sessions", body, bearer: first.text, fields: Self.afar).status == 201)
        #expect(try client.send("DELETE", "/v2/keys/\(first.id)").status == 204)
        #expect(program.stop() == 0)
        let again = try ProgramRun(sesame: everywhere, in: folder.path)
        #expect(again.status == 1, "a key that is revoked is none")
      }
    }

    @Test("each scope opens its routes from anywhere, and no others")
    func scopes() async throws {
      try await withProgram { program in
        let client = try program.client()
        let (session, _) = try client.open()
        try client.account("root", level: "A")
        let routes: [(method: String, target: String, body: String?, scope: String)] = [
          ("POST", "/v2/verify", #"{"token":"x"}"#, "sessions:read"), ("GET", "/v2/sessions", nil, "sessions:read"),
          ("GET", "/v2/sessions/\(session)", nil, "sessions:read"),
          ("POST", "/v2/sessions", #"{"user_id":"ann"}"#, "sessions:write"),
          ("PATCH", "/v2/sessions/\(session)", #"{"data":1}"#, "sessions:write"),
          ("POST", "/v2/sessions/close", #"{"filter":{"user_id":"x"}}"#, "sessions:write"),
          ("GET", "/v2/accounts", nil, "accounts:read"), ("GET", "/v2/accounts/1", nil, "accounts:read"),
          ("PATCH", "/v2/accounts/1", #"{"name":"R"}"#, "accounts:write"),
          ("GET", "/v2/events", nil, "events:read"), ("GET", "/v2/keys", nil, "admin"),
          ("POST", "/v2/keys", #"{"name":"x","scopes":["admin"]}"#, "admin"), ("DELETE", "/v2/keys/99", nil, "admin"),
        ]
        for scope in ["sessions:read", "sessions:write", "accounts:read", "accounts:write", "events:read", "admin"] {
          let holder = try key(client, scope)
          for route in routes {
            let reply = try client.send(
              route.method, route.target, route.body, bearer: holder.text, fields: Self.afar)
            let isOpen = scope == "admin" || scope == route.scope
            let name = "\(scope) at \(route.method) \(route.target): \(reply.text)"
            if isOpen {
              #expect(reply.status < 300 || reply.status == 404, "\(name)")
            } else {
              #expect(reply.status == 403 && reply["code"]?.string == "insufficient_scope", "\(name)")
              #expect(reply.field("www-authenticate")?.contains(route.scope) == true)
            }
          }
        }
      }
    }

    @Test("a key that is malformed, unknown, revoked or over opens nothing, near or far, at once and after a restart")
    func badKeys() async throws {
      try await withProgram { program in
        let client = try program.client()
        let good = try key(client, "sessions:read")
        let gone = try key(client, "admin")
        let short = try key(client, "admin", #","expires_in":1"#)
        #expect(try client.send("DELETE", "/v2/keys/\(gone.id)").status == 204)
        func status(_ text: String, _ fields: [(name: String, value: String)]) throws -> Int {
          try program.client().send("GET", "/v2/sessions", bearer: text, fields: fields).status
        }
        #expect(try client.wait { _ in try status(short.text, []) == 401 })
        let last = try #require(good.text.last)
        let bad = [
          gone.text, short.text, "ssk_", "ssk_invented", good.text + "A", String(good.text.dropLast()),
          String(good.text.dropLast()) + (last == "A" ? "E" : "A"),
        ]
        for _ in 0..<2 {
          for text in bad {
            #expect(try status(text, []) == 401, "\(text)")
            #expect(try status(text, Self.afar) == 401, "\(text)")
          }
          #expect(try status(good.text, Self.afar) == 200)
          program.kill()
          try program.start()
        }
        let list = try program.client().send("GET", "/v2/keys")
        #expect(!list.text.contains("ssk_"))
        #expect(!program.log.contains { $0.contains(good.text) })
      }
    }
  }
}
