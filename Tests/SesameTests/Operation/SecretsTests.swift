import Foundation
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct SecretsTests {
    private static let flags = ["--set", "log.level=debug", "--set", "log.requests=true"]

    /// Shows a token in every place where a client could put it.
    private func use(_ token: String, of id: String, _ client: ServiceClient) throws {
      #expect(try client.ownStatus(token) == 200)
      let places: [(String, String, String?, [(name: String, value: String)])] = [
        ("GET", "/v2/session?fresh=true", nil, [("Authorization", "Bearer \(token)")]),
        ("GET", "/v2/session?token=\(token)", nil, []),
        ("GET", "/v2/sessions/\(token)", nil, []),
        ("GET", "/\(token)", nil, []),
        ("GET", "/v2/sessions?user_id=\(token)", nil, []),
        ("GET", "/v2/session", nil, [("Authorization", "Basic \(token)")]),
        ("GET", "/v2/session", nil, [("Cookie", "__Host-sesame=\(token)")]),
        ("GET", "/v2/session", nil, [("Cookie", "__Host-sesame=\(token); __Host-sesame=\(token)")]),
        ("GET", "/v2/session/mine", nil, [("Authorization", "Bearer \(token)")]),
        ("DELETE", "/v2/session", nil, [("Cookie", "__Host-sesame=\(token)")]),
        ("POST", "/v2/verify", #"{"token":"\#(token)"}"#, []),
        ("POST", "/v2/verify", #"{"token":"\#(token)","address":1}"#, []),
        ("POST", "/v2/verify", #"{"token":"\#(token)","nothing":1}"#, []),
        ("POST", "/v2/verify", #"{"\#(token)":1}"#, []),
        ("POST", "/v2/verify", #"{"token":"\#(token)""#, []),
        ("POST", "/v2/sessions/\(id)/close", #"{"reason":"\#(token)"}"#, []),
        ("POST", "/sessions/get_session_by_id", #"{"session_id":"\#(token)"}"#, []),
        ("POST", "/sessions/close_session?correlation_id=\(id)", #"{"session_id":"\#(token)"}"#, []),
        ("TRACK", "/v2/session", nil, [("Authorization", "Bearer \(token)")]),
      ]
      for (method, target, body, fields) in places {
        #expect(try client.send(method, target, body, fields: fields).status < 500, "\(method) \(target)")
      }
    }

    @Test("no credential is in the log, the database, its write-ahead log, the metrics, an error or a list")
    func canaries() async throws {
      try await withProgram(Self.flags + ["--set", "session.renewal_grace=0s"]) { program in
        let client = try program.client()
        var canaries = Canaries()
        var (id, token) = try client.open("ann", #""data":{"a":1}"#)
        canaries.add(token, "a token")
        try use(token, of: id, client)
        let former = token
        token = try #require(client.send("POST", "/v2/session/renew", bearer: token)["token"]?.string)
        canaries.add(token, "a token")
        try use(token, of: id, client)

        let cookie = try client.send("POST", "/v2/sessions", #"{"user_id":"bob","cookie":true}"#)
        canaries.add(cookie["token"]?.string, "a cookie")
        canaries.add(try #require(cookie["csrf_token"]?.string), "a CSRF token")

        var shown: [UInt8] = []
        for target in [
          "/v2/sessions?include=user,data", "/v2/sessions/\(id)", "/metrics", "/v2/sessions/\(token)", "/\(token)",
          "/v2/session?token=\(token)",
        ] {
          shown += try client.send("GET", target).body
        }
        shown += try client.send("POST", "/sessions/get_sessions", "{}").body
        shown += try client.send("POST", "/v2/verify", #"{"token":"\#(token)","x":1}"#).body
        #expect(canaries.found(in: shown) == [])

        // A renewed token that comes back ends the session, which is logged as a warning.
        #expect(try client.send("POST", "/v2/session/renew", bearer: former).status == 401)
        try program.waitForLog("session.closed")
        expectNothing(of: canaries, in: program)
        #expect(program.stop() == 0)
        expectNothing(of: canaries, in: program)
        #expect(program.log.count > 30)
      }
    }

    private func expectNothing(of canaries: Canaries, in program: RunningProgram) {
      for name in ["sesame.db", "sesame.db-wal", "sesame.db-shm", "sesame.db-lock", "keys"] {
        #expect(canaries.found(in: program.folder.bytes(of: "data/\(name)")) == [], "\(name)")
      }
      #expect(canaries.found(in: program.log + program.process.output.all) == [])
      // The search itself would find what is there.
      var ann = Canaries()
      ann.add("ann", "a user")
      #expect(
        ann.found(in: program.folder.bytes(of: "data/sesame.db-wal") + program.folder.bytes(of: "data/sesame.db")) == [
          "a user"
        ])
    }

    @Test(
      "no credential of any protocol, taken or refused, is in a file, the log, a list, an error, an event or a post")
    func everyPath() async throws {
      let (world, receiver) = (try IssuerWorld(), try WebhookReceiver(secret: CanaryDay.webhookSecret))
      let folder = try TemporaryFolder()
      try CanaryDay.bringToken(to: folder)
      let environment = ["SESAME_WEBHOOKS_TEST_SECRET": CanaryDay.webhookSecret]
      let flags = Self.flags + world.settings() + ["--set", "session.imported_tokens=true"] + receiver.address
      try await withProgram(flags, environment: environment, folder: folder) { program in
        let day = try CanaryDay(program, world)
        try day.sessions()
        try day.logins()
        try day.keys()
        try day.dialects()
        try day.look()
        let canaries = day.canaries
        #expect(canaries.secrets.count > 40)
        #expect(canaries.found(in: day.shown) == [], "in answers")
        let last = try day.client.events().last?.cursor
        #expect(try day.client.wait { _ in receiver.taken.last?.cursor == last })
        #expect(canaries.found(in: receiver.taken.map(\.text)) == [], "in posts")
        try expectNoFile(with: canaries, in: program)
        #expect(canaries.found(in: try ProcessFile.read("cmdline", of: program.process.number)) == [], "in arguments")
        #expect(program.stop() == 0)
        try expectNoFile(with: canaries, in: program)
        #expect(canaries.found(in: program.log + program.process.output.all) == [], "in the log")
        #expect(program.log.count > 300)
        #expect(!program.log.contains { $0.contains("$argon2") })
        #expect(!String(decoding: day.shown, as: UTF8.self).contains("$argon2"))
      }
    }

    /// Every file of the data folder; the key ring may have its own keys.
    private func expectNoFile(with canaries: Canaries, in program: RunningProgram) throws {
      let names = try FileManager.default.contentsOfDirectory(atPath: program.folder.file("data"))
      #expect(names.contains("sesame.db") && names.contains("keys"))
      for name in names {
        let sought = name == "keys" ? canaries.without("the key ring") : canaries
        #expect(sought.found(in: program.folder.bytes(of: "data/\(name)")) == [], "in \(name)")
      }
    }

    @Test("nothing in a copy of the database opens a session")
    func dump() async throws {
      let world = try IssuerWorld()
      let folder = try TemporaryFolder()
      try CanaryDay.bringToken(to: folder)
      let flags = world.settings() + ["--set", "session.imported_tokens=true"]
      try await withProgram(flags, folder: folder) { program in
        let day = try CanaryDay(program, world)
        try day.sessions()
        try day.logins()
        try day.keys()
        try day.dialects()
        let dump = try ProgramRun("sqlite3", [program.folder.file("data/sesame.db"), ".dump"], in: program.folder.path)
        #expect(dump.status == 0)
        try DatabaseCopy(of: dump.output).expectWorthless(program.client())
      }
    }

    @Test("one token has one text: every change of a character, its padding or its alphabet is refused")
    func oneText() async throws {
      try await withProgram { program in
        let client = try program.client()
        let (_, token) = try client.open()
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=")
        let characters = Array(token)
        for (index, character) in characters.enumerated() {
          // All for the last, where spare bits would be; a few for the others.
          let candidates = index == characters.count - 1 ? alphabet : [alphabet[index % 64], "+", "/", "="]
          for other in candidates where other != character {
            var changed = characters
            changed[index] = other
            #expect(try client.ownStatus(String(changed)) == 401, "\(other) at \(index)")
          }
        }
        for changed in ["\(token)=", "\(token)A", String(token.dropLast()), token.uppercased(), "sst_", "\(token) "] {
          let isSpace = changed.hasSuffix(" ")
          // Spaces around a field's value are none of it.
          #expect(try client.ownStatus(changed) == (isSpace ? 200 : 401))
        }
        #expect(try client.ownStatus(token) == 200)
      }
    }
  }
}
