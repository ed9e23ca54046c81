import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct HealthTests {
    @Test("it says that it lives, that it can serve, and what it counts", arguments: ["sqlite", "memory"])
    func endpoints(store: String) async throws {
      try await withProgram(["--store", store]) { program in
        let client = try program.client()
        #expect(try client.send("GET", "/healthz")["status"]?.string == "alive")
        let ready = try client.send("GET", "/readyz")
        #expect(ready.status == 200 && ready["status"]?.string == "ready")
        let metrics = try client.send("GET", "/metrics")
        #expect(metrics.status == 200)
        #expect(metrics.field("content-type")?.hasPrefix("text/plain; version=0.0.4") == true)
        #expect(try client.send("HEAD", "/healthz").body.isEmpty)
      }
    }

    @Test("what should move at a request, an opening, a renewal, a reuse and a close, does")
    func counts() async throws {
      try await withProgram(["--set", "session.renewal_grace=0s"]) { program in
        let client = try program.client()
        let before = try client.metrics()
        let (closed, _) = try client.open()
        let (_, token) = try client.open()
        _ = try client.open()
        for _ in 0..<10 { #expect(try client.ownStatus(token) == 200) }
        #expect(try client.ownStatus("sst_forged") == 401)
        #expect(try client.send("POST", "/v2/sessions/\(closed)/close").status == 200)
        #expect(try client.send("GET", "/nothing").status == 404)
        #expect(try client.send("POST", "/v2/session/renew", bearer: token).status == 200)
        #expect(try client.send("POST", "/v2/session/renew", bearer: token).status == 401)
        let after = try client.metrics()

        func moved(_ name: String, _ labels: [String: String] = [:]) throws -> Double {
          let value = try #require(after.value(name, labels), "\(name) is missing")
          return value - (before.value(name, labels) ?? 0)
        }
        let own = ["method": "GET", "route": "/v2/session"]
        #expect(try moved("sesame_http_requests_total", own.merging(["status": "2xx"]) { $1 }) == 10)
        #expect(try moved("sesame_http_requests_total", own.merging(["status": "4xx"]) { $1 }) == 1)
        #expect(try moved("sesame_http_requests_total", ["route": "unmatched", "status": "4xx"]) == 1)
        #expect(try moved("sesame_http_request_duration_seconds_count", own) == 11)
        #expect(try moved("sesame_http_request_duration_seconds_bucket", own.merging(["le": "+Inf"]) { $1 }) == 11)
        #expect(try moved("sesame_http_request_duration_seconds_sum", own) > 0)
        #expect(try moved("sesame_cache_hits_total") >= 10)
        #expect(try moved("sesame_cache_misses_total") >= 0)
        #expect(try moved("sesame_cache_sessions") == 3)
        #expect(try moved("sesame_cache_bytes") > 0)
        #expect(try moved("sesame_sessions_opened_total") == 3)
        #expect(try moved("sesame_sessions_renewed_total") == 1)
        #expect(try moved("sesame_sessions_closed_total", ["reason": "revoked"]) == 1)
        #expect(try moved("sesame_sessions_closed_total", ["reason": "reuse"]) == 1)
        #expect(try moved("sesame_sessions_closed_total") == 2)
        #expect(try moved("sesame_sessions_live") >= 1)
        #expect(try moved("sesame_store_commit_jobs_count") >= 6)
        #expect(try moved("sesame_store_commit_jobs_sum") >= 6)
        #expect(try moved("sesame_store_commit_seconds_count") >= 6)
        #expect(try moved("sesame_store_commit_seconds_sum") > 0)
        #expect(after.value("sesame_http_connections") == 1)
        #expect(after.value("sesame_reaper_closed_total") == 0)
        #expect(after.value("sesame_reaper_removed_total") == 0)
        #expect(after.value("sesame_upkeep_failures_total") == 0)
      }
    }

    @Test("the live sessions are counted again after a restart")
    func liveSessions() async throws {
      try await withProgram(["--set", "session.sweep_interval=1s"]) { program in
        let client = try program.client()
        for _ in 0..<5 { _ = try client.open() }
        _ = try client.send("POST", "/v2/sessions/\(client.open().id)/close")
        #expect(try client.wait { try $0.metrics().value("sesame_sessions_live") == 5 })
        program.kill()
        try program.start()
        #expect(try program.client().wait { try $0.metrics().value("sesame_sessions_live") == 5 })
      }
    }

    @Test("writes that wait together share a commit")
    func sharedCommits() async throws {
      try await withProgram { program in
        let port = program.port
        _ = try inParallel(16) { _ in
          let client = try ServiceClient(port: port)
          for _ in 0..<25 { _ = try client.open() }
        }
        let metrics = try program.client().metrics()
        let commits = try #require(metrics.value("sesame_store_commit_jobs_count"))
        #expect(try #require(metrics.value("sesame_store_commit_jobs_sum")) >= 400)
        #expect(commits < 400)
      }
    }

    @Test("what the server itself refuses is counted by its reason")
    func refusals() async throws {
      try await withProgram { program in
        let client = try program.client()
        #expect(try client.send("GET", "/healthz", fields: [("Host", "a"), ("Host", "b")]).status == 400)
        let metrics = try program.client().metrics()
        #expect(metrics.value("sesame_http_refused_total", ["reason": "host_repeated"]) == 1)
        #expect(metrics.value("sesame_http_refused_total", ["reason": "bad_chunk"]) == 0)
      }
    }
  }
}
