import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct ExpiryTests {
    @Test("a session without requests ends at its idle time, and the reaper writes it down and counts it")
    func idle() async throws {
      try await withProgram(["--set", "session.idle_timeout=1s", "--set", "session.sweep_interval=1s"]) { program in
        let client = try program.client()
        let (id, token) = try client.open()
        let (longer, longerToken) = try client.open("bob", #""idle_timeout":3600"#)
        let line = JSONReading(try program.waitForLog("reaper.closed"))
        #expect(line["sessions"]?.integer == 1)
        #expect(try client.ownStatus(token) == 401)
        let verdict = try client.send("POST", "/v2/verify", #"{"token":"\#(token)"}"#)
        #expect(verdict["reason"]?.string == "closed" && verdict["close_reason"]?.string == "idle")
        let closed = try client.send("GET", "/v2/sessions/\(id)")
        #expect(closed["state"]?.string == "closed" && closed["close_reason"]?.string == "idle")
        #expect(try client.send("GET", "/v2/sessions?state=closed&count=true")["count"]?.integer == 1)
        let metrics = try client.metrics()
        #expect(metrics.value("sesame_sessions_closed_total", ["reason": "idle"]) == 1)
        #expect(metrics.value("sesame_reaper_closed_total") == 1)
        #expect(try client.wait { try $0.metrics().value("sesame_sessions_live") == 1 })
        #expect(try client.ownStatus(longerToken) == 200)
        #expect(try client.send("GET", "/v2/sessions/\(longer)")["idle_timeout"]?.integer == 3600)
      }
    }

    @Test("requests keep a session alive beyond its idle time, however rarely their times are written")
    func keptAlive() async throws {
      let flags = ["--set", "session.touch_interval=5m", "--set", "session.sweep_interval=1s"]
      try await withProgram(flags) { program in
        let client = try program.client()
        let (id, token) = try client.open("ann", #""idle_timeout":1"#)
        let start = ContinuousClock.now
        // Asked without a pause, so that only a wrong server lets it idle for a second.
        let isAlive = try client.wait { client in
          let status = try client.ownStatus(token)
          #expect(status == 200)
          return status != 200 || .now - start > .milliseconds(2500)
        }
        #expect(isAlive)
        #expect(try client.send("GET", "/v2/sessions/\(id)")["state"]?.string == "open")
        #expect(try client.metrics().value("sesame_reaper_closed_total") == 0)
      }
    }

    @Test("the lifetime ends a session whatever its requests")
    func lifetime() async throws {
      try await withProgram(["--set", "session.sweep_interval=1d"]) { program in
        let client = try program.client()
        let (id, token) = try client.open("ann", #""lifetime":1"#)
        let (_, renewable) = try client.open("ann", #""lifetime":1"#)
        #expect(try client.wait { try $0.ownStatus(token) == 401 })
        let closed = try client.send("GET", "/v2/sessions/\(id)")
        #expect(closed["state"]?.string == "closed" && closed["close_reason"]?.string == "lifetime")
        #expect(try client.wait { try $0.send("POST", "/v2/session/renew", bearer: renewable).status == 401 })
        #expect(try client.send("PATCH", "/v2/sessions/\(id)", #"{"data":1}"#).status == 409)
      }
    }

    @Test("a session that expired while the server was down is not revived")
    func whileDown() async throws {
      try await withProgram(["--set", "session.sweep_interval=1d"]) { program in
        let (id, token) = try program.client().open("ann", #""idle_timeout":1"#)
        let opened = ContinuousClock.now
        #expect(program.stop() == 0)
        while ContinuousClock.now - opened < .milliseconds(1100) { _ = program.folder.bytes(of: "data/keys") }
        try program.start()
        let client = try program.client()
        #expect(try client.ownStatus(token) == 401)
        #expect(try client.send("POST", "/v2/session/renew", bearer: token).status == 401)
        #expect(try client.send("GET", "/v2/sessions/\(id)")["close_reason"]?.string == "idle")
      }
    }

    @Test("closed sessions are removed after their retention")
    func retention() async throws {
      try await withProgram(["--set", "session.retention=1s", "--set", "session.sweep_interval=1s"]) { program in
        let client = try program.client()
        let (id, _) = try client.open()
        let (kept, _) = try client.open()
        _ = try client.send("POST", "/v2/sessions/\(id)/close")
        try program.waitForLog("reaper.removed")
        #expect(try client.send("GET", "/v2/sessions/\(id)").status == 404)
        #expect(try client.send("GET", "/v2/sessions/\(kept)").status == 200)
        #expect(try client.metrics().value("sesame_reaper_removed_total") == 1)
      }
    }
  }
}
