import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct LogTests {
    private static let flags = ["--set", "log.level=debug", "--set", "log.requests=true"]

    @Test("every line is one JSON object with time, level and event first")
    func lines() async throws {
      try await withProgram(Self.flags) { program in
        let client = try program.client()
        let (_, token) = try client.open("ann")
        _ = try client.ownStatus(token)
        _ = try client.send("DELETE", "/v2/session", bearer: token)
        #expect(program.stop() == 0)
        var events: Set<String> = []
        for line in program.log {
          let root = JSONReading(line).root
          #expect(root?.members.prefix(3).map(\.name) == ["time", "level", "event"], "\(line)")
          let time = try #require(root?["time"]?.string)
          #expect(time.utf8.count == 24 && time.hasSuffix("Z"), "\(line)")
          #expect(["debug", "info", "notice", "warning", "error"].contains(root?["level"]?.string ?? ""), "\(line)")
          events.insert(root?["event"]?.string ?? "")
        }
        #expect(
          events.isSuperset(of: ["server.started", "session.opened", "session.closed", "request", "server.stopped"]))
      }
    }

    @Test("a line says who did what to which session, and where the request came from")
    func members() async throws {
      try await withProgram(Self.flags) { program in
        let client = try program.client()
        let (id, _) = try client.open("ann")
        _ = try client.send(
          "POST", "/v2/sessions/\(id)/close", #"{"reason":"account"}"#, fields: [("X-Request-Id", "r-1")])
        let closed = JSONReading(try program.waitForLog("session.closed"))
        #expect(closed["session"]?.string == id && closed["user"]?.string == "ann")
        #expect(closed["reason"]?.string == "account" && closed["actor"]?.string == "service")
        #expect(closed["address"]?.string == "127.0.0.1" && closed["request_id"]?.string == "r-1")
        let request = try #require(program.process.errors.wait { $0.contains(#""route":"/v2/sessions/{id}/close""#) })
        #expect(JSONReading(request)["status"]?.integer == 200 && JSONReading(request)["request_id"]?.string == "r-1")
        #expect(JSONReading(request)["microseconds"]?.integer != nil)
      }
    }

    @Test("nothing that a client sends can forge a line or reach a terminal")
    func forgery() async throws {
      try await withProgram(Self.flags) { program in
        let client = try program.client()
        let user = #"a\r\n{\"event\":\"forged\"}\n\u001b[2J\u0001\u0085\u2028\u2029\u007f"#
        let (id, _) = try client.open(user, #""address":"x\ny","client":"\u001b]0;t\u0007""#)
        _ = try client.send("POST", "/v2/sessions/\(id)/close")
        for target in ["/%0a%1b", "/v2/sessions/%0d%0a%1b"] { _ = try client.send("GET", target) }
        try program.waitForLog("session.closed")
        #expect(program.stop() == 0)
        for line in program.log {
          #expect(JSONReading(line)["event"]?.string?.contains("forged") == false, "\(line)")
          #expect(
            line.unicodeScalars.allSatisfy {
              $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0.value != 0x2028 && $0.value != 0x2029
            }, "\(line)")
        }
      }
    }

    @Test("a failure of the store is logged with its cause, which the client is not told")
    func cause() async throws {
      try await withProgram { program in
        let client = try program.client()
        _ = try client.open()
        let spoiling = try ProgramRun(
          "sqlite3", ["sesame.db", "UPDATE session SET close_reason = 'none that is known'"],
          in: program.folder.file("data"))
        #expect(spoiling.status == 0, "\(spoiling.complaint)")
        let answer = try client.send("GET", "/v2/sessions")
        #expect(answer.status == 500 && !answer.text.contains("can't be read"))
        let line = JSONReading(try program.waitForLog("request"))
        #expect(line["level"]?.string == "error" && line["cause"]?.string?.contains("can't be read") == true)
      }
    }

    @Test("a reuse is a warning at the default level, and requests are not logged then")
    func defaultLevel() async throws {
      try await withProgram(["--set", "session.renewal_grace=0s"]) { program in
        let client = try program.client()
        let (id, token) = try client.open()
        for _ in 0..<2 { _ = try client.send("POST", "/v2/session/renew", bearer: token) }
        let line = JSONReading(try program.waitForLog("session.closed"))
        #expect(line["level"]?.string == "warning" && line["reason"]?.string == "reuse")
        #expect(line["session"]?.string == id)
        #expect(program.stop() == 0)
        #expect(!program.log.contains { $0.contains(#""event":"request""#) || $0.contains("session.opened") })
      }
    }
  }
}
