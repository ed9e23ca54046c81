import Foundation
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct SecretsTests {
    private static let flags = ["--set", "log.level=debug", "--set", "log.requests=true"]

    /// Every credential that a test has seen, and a search for it.
    private struct Canaries {
      var secrets: Set<String> = []

      /// Adds a token, and its code alone: the part that nobody can compute.
      mutating func add(_ token: String?) {
        guard let token else { return }
        secrets.insert(token)
        secrets.insert(String(token.suffix(40)))
      }

      func found(in bytes: [UInt8]) -> [String] {
        let data = Data(bytes)
        return secrets.filter { data.range(of: Data($0.utf8)) != nil }
      }
    }

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
        canaries.add(token)
        try use(token, of: id, client)
        let former = token
        token = try #require(client.send("POST", "/v2/session/renew", bearer: token)["token"]?.string)
        canaries.add(token)
        try use(token, of: id, client)

        let cookie = try client.send("POST", "/v2/sessions", #"{"user_id":"bob","cookie":true}"#)
        canaries.add(cookie["token"]?.string)
        canaries.secrets.insert(try #require(cookie["csrf_token"]?.string))

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
      let said = (program.log + program.process.output.all).joined(separator: "\n")
      #expect(canaries.found(in: Array(said.utf8)) == [])
      // The search itself would find what is there.
      #expect(
        Canaries(secrets: ["ann"]).found(
          in: program.folder.bytes(of: "data/sesame.db-wal")
            + program.folder.bytes(of: "data/sesame.db")) == ["ann"])
    }

    @Test("nothing in a copy of the database opens a session")
    func dump() async throws {
      try await withProgram { program in
        let client = try program.client()
        for user in ["ann", "bob"] { _ = try client.open(user, #""cookie":true"#) }
        let dump = try ProgramRun("sqlite3", [program.folder.file("data/sesame.db"), ".dump"], in: program.folder.path)
        #expect(dump.status == 0)
        let words = Set(
          dump.output.joined(separator: "\n").split {
            !$0.isASCII || !($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_")
          }
          .map(String.init))
        #expect(words.count > 50 && words.contains("ann"))
        for word in words {
          for token in [word, "sst_\(word)"] {
            #expect(try client.ownStatus(token) == 401, "\(token)")
            #expect(try client.send("GET", "/v2/session", fields: [("Cookie", "__Host-sesame=\(token)")]).status == 401)
          }
        }
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
