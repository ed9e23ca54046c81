import Foundation
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  /// The clock on the wall is libfaketime's, which steps as a file says; clocks that nobody can set run on.
  ///
  /// It moves timers of those clocks along with its own, unlike a system, so that what the program does at its time,
  /// rather than when it is asked, is not to be seen here.
  @Suite(.enabled(if: FakedClock.isThere, "Debian's package faketime is not installed")) struct ClockStepTests {
    static let steps = ["+1h", "-1h", "+400d", "-400d"]

    @Test("a step of the wall clock while the server runs ends no session, extends none and revives none")
    func running() async throws {
      let folder = try TemporaryFolder()
      let clock = try FakedClock(in: folder)
      let flags = ["--set", "session.sweep_interval=1s"]
      try await withProgram(flags, environment: clock.environment) { program in
        let client = try program.client()
        let (_, token) = try client.open("live")
        let (closed, closedToken) = try client.open("closed")
        #expect(try client.send("POST", "/v2/sessions/\(closed)/close").status == 200)
        let (_, expiredToken) = try client.open("expired", #""lifetime":1"#)
        #expect(try client.wait { try $0.ownStatus(expiredToken) == 401 })
        let start = try Self.time(client)
        for step in Self.steps + ["+0"] {
          try clock.set(step)
          let hasStepped = try client.wait { client in
            let away = try Self.wallTime(client).timeIntervalSinceNow - Self.seconds(step)
            return abs(away) < 60
          }
          #expect(hasStepped, "\(step): the program's clock did not step")
          let time = try Self.time(client)
          #expect(abs(time.timeIntervalSince(start)) < 300, "\(step): sessions know no step")
          #expect(try client.ownStatus(token) == 200, "\(step): ended")
          #expect(try client.ownStatus(closedToken) == 401, "\(step): revived")
          #expect(try client.ownStatus(expiredToken) == 401, "\(step): revived")
          #expect(try client.send("POST", "/v2/session/renew", bearer: expiredToken).status == 401)
          let (short, shortToken) = try client.open("short", #""lifetime":1"#)
          #expect(try client.wait { try $0.ownStatus(shortToken) == 401 }, "\(step): never ends")
          #expect(try client.send("GET", "/v2/sessions/\(short)")["close_reason"]?.string == "lifetime")
        }
        #expect(program.stop() == 0)
        FakedClock.removeTraces(of: program.process.number)
      }
    }

    @Test("over a restart, too, what had ended stays ended, whatever the wall clock says then", arguments: steps)
    func restart(step: String) async throws {
      let folder = try TemporaryFolder()
      let clock = try FakedClock(in: folder)
      try await withProgram(["--set", "session.sweep_interval=1d"], environment: clock.environment) { program in
        var client = try program.client()
        try client.account("ann")
        let (live, token) = try client.open("live", #""idle_timeout":2592000"#)
        let (closed, closedToken) = try client.open("closed")
        let (expired, expiredToken) = try client.open("expired", #""lifetime":1"#)
        #expect(try client.wait { try $0.ownStatus(expiredToken) == 401 })
        // The last that is known of the time when the clock was right.
        #expect(try client.send("POST", "/v2/sessions/\(closed)/close").status == 200)
        let end = try #require(client.send("GET", "/v2/sessions/\(live)")["expires_at"]?.string)
        program.kill()
        FakedClock.removeTraces(of: program.process.number)

        try clock.set(step)
        try program.start()
        client = try program.client()
        #expect(try client.ownStatus(closedToken) == 401, "revived")
        #expect(try client.ownStatus(expiredToken) == 401, "revived")
        #expect(try client.send("POST", "/v2/session/renew", bearer: expiredToken).status == 401)
        let record = try client.send("GET", "/v2/sessions/\(expired)")
        #expect(record.status == 404 || record["close_reason"]?.string == "lifetime", "\(record.text)")
        if step == "+400d" {
          #expect(try client.ownStatus(token) == 401, "its time is over, as far as anybody can tell")
        } else {
          #expect(try client.ownStatus(token) == 200)
          let now = try #require(client.send("GET", "/v2/sessions/\(live)")["expires_at"]?.string)
          #expect(step.hasPrefix("+") || now == end, "a request in the past moves no end")
        }
        if step.hasPrefix("-") { try program.waitForLog("clock.behind") }
        // Tries that are counted ahead of time hold nobody up once it is right again.
        #expect(try client.logIn("ann", "wrong password").status == 401)
        #expect(try client.logIn("ann").status == 201)

        // Right again, with a server that may have written what it believed.
        #expect(program.stop() == 0)
        FakedClock.removeTraces(of: program.process.number)
        try clock.set("+0")
        try program.start()
        client = try program.client()
        for ended in [closedToken, expiredToken] + (step == "+400d" ? [token] : []) {
          #expect(try client.ownStatus(ended) == 401, "revived by the right time")
        }
        #expect(try client.logIn("ann").status == 201)
        let (_, newToken) = try client.open("new")
        #expect(try client.ownStatus(newToken) == 200)
        #expect(program.stop() == 0)
        FakedClock.removeTraces(of: program.process.number)
      }
    }

    /// What the server takes for the time of sessions.
    private static func time(_ client: ServiceClient) throws -> Date {
      let opened = try client.send("POST", "/v2/sessions", #"{"user_id":"time"}"#)["session"]?["open_time"]?.string
      let parser = ISO8601DateFormatter()
      parser.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
      return try #require(opened.flatMap { parser.date(from: $0) })
    }

    /// What the server takes for the time on the wall, by the field Date of its answers.
    private static func wallTime(_ client: ServiceClient) throws -> Date {
      let parser = DateFormatter()
      parser.locale = Locale(identifier: "en_US_POSIX")
      parser.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
      parser.timeZone = TimeZone(identifier: "GMT")
      // The text is kept for a second; it is another one when the clock has moved.
      return try #require(client.send("GET", "/healthz").field("date").flatMap { parser.date(from: $0) })
    }

    private static func seconds(_ step: String) -> Double {
      let unit = step.hasSuffix("h") ? 3600.0 : step.hasSuffix("d") ? 86_400.0 : 1
      return unit * (Double(step.filter(\.isNumber)) ?? 0) * (step.hasPrefix("-") ? -1 : 1)
    }
  }
}
