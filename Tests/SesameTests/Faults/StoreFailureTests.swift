import Glibc
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct StoreFailureTests {
    @Test("while the store takes no writes, what needs one is 503, no credential turns bad, and then all goes on")
    func noWrites() async throws {
      try await withProgram { program in
        let client = try program.client()
        try client.account("root", level: "A")
        let ann = try client.account("ann")
        let (_, token) = try client.session(of: "ann")
        let made = try client.send("POST", "/v2/keys", #"{"name":"k","scopes":["admin"]}"#)
        let key = try #require(made["secret"]?.string)
        #expect(try client.send("GET", "/v2/keys", bearer: key).status == 200)
        let events = try client.events()

        // Another program that holds the database's write lock, and does not let go.
        let holding = """
          import sqlite3, sys, time
          database = sqlite3.connect(sys.argv[1], isolation_level=None)
          database.execute("BEGIN EXCLUSIVE")
          print("held", flush=True)
          time.sleep(120)
          """
        let holder = try ChildProcess("python3", ["-c", holding, program.folder.file("data/sesame.db")])
        try #require(holder.output.wait { $0 == "held" } != nil, "\(holder.errors.all)")
        let requests: [(method: String, target: String, body: String?, bearer: String?)] = [
          ("POST", "/v2/accounts", #"{"username":"new"}"#, nil),
          ("PATCH", "/v2/accounts/\(ann)", #"{"name":"A"}"#, nil),
          ("DELETE", "/v2/accounts/\(ann)", nil, nil),
          ("PATCH", "/v2/accounts/\(ann)", #"{"password":"a walk by the lake"}"#, nil),
          ("POST", "/v2/keys", #"{"name":"x","scopes":["admin"]}"#, nil), ("DELETE", "/v2/keys/1", nil, nil),
          (
            "POST", "/v2/login", #"{"email":"ann@example.org","password":"\#(ServiceClient.password)"}"#, nil
          ),
          (
            "POST", "/v2/password", #"{"current":"\#(ServiceClient.password)","new":"a walk by the river"}"#, token
          ),
        ]
        let port = program.port
        let replies = try inParallel(requests.count) { index in
          let request = requests[index]
          return try ServiceClient(port: port).send(
            request.method, request.target, request.body, bearer: request.bearer)
        }
        for (request, reply) in zip(requests, replies) {
          let name = "\(request.method) \(request.target): \(reply.text)"
          #expect(reply.status == 503 && reply["code"]?.string == "store_unavailable", "\(name)")
          #expect(reply.field("retry-after") != nil && !reply.text.contains("sqlite"), "\(name)")
        }
        #expect(try client.ownStatus(token) == 200)
        #expect(try client.send("GET", "/v2/forward-auth", bearer: token).field("x-sesame-level") == "U")
        #expect(try client.send("GET", "/v2/keys", bearer: key).status == 200)
        #expect(try client.send("POST", "/v2/session/jwt", bearer: token).status == 200)

        holder.send(SIGKILL)
        _ = holder.waitForEnd()
        #expect(try client.wait { try $0.logIn("ann").status == 201 })
        #expect(try client.ownStatus(token) == 200)
        let told = try client.events(after: events.last.map { "\($0.cursor)" })
        #expect(told.map(\.type) == ["session.opened", "login.succeeded"], "nothing of what was refused happened")
        #expect(try client.send("GET", "/v2/accounts/\(ann)")["revision"]?.integer == 1)
      }
    }
  }
}
