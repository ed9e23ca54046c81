import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct ConnectionFloodTests {
    @Test("of a flood of connections no more are taken than there is room for, and the others wait without harm")
    func connections() async throws {
      let flags = ["--set", "limits.header_time=1s", "--set", "limits.connections=50"]
      try await withProgram(flags) { program in
        let good = try program.client()
        let (_, token) = try good.open()
        let before = try program.memory()
        let flood = try (0..<400).map { _ in try RawHTTPClient(port: program.port) }
        let full = try good.wait { try $0.metrics().value("sesame_http_connections") == 50 }
        #expect(full, "all places are taken")
        for _ in 0..<200 { #expect(try good.ownStatus(token) == 200) }
        #expect(try program.descriptors() < 50 + 60)
        // Each is cut for its silence, and the next one gets its place.
        let (time, start) = (try program.processorTime(), ContinuousClock.now)
        for client in flood { _ = try client.readToEnd() }
        let load = (try program.processorTime() - time) / (ContinuousClock.now - start)
        let answered = try good.ownStatus(token)
        #expect(load < 0.5, "\(load) of a processor, to wait")
        #expect(answered == 200)
        #expect(try program.client().ownStatus(token) == 200)
        #expect(try good.metrics().value("sesame_http_connections") ?? 99 <= 2)
        #expect(try program.memory() - before < 32 << 20)
      }
    }

    @Test("without descriptors nobody new is served, who is there goes on, nothing spins, and it passes by itself")
    func descriptors() async throws {
      try await withProgram(["--set", "limits.header_time=1s"]) { program in
        let good = try program.client()
        let (_, token) = try good.open()
        // Cut for its silence while there is nothing to accept with.
        let silent = try RawHTTPClient(port: program.port)
        #expect(try good.wait { try $0.metrics().value("sesame_http_connections") == 2 })
        try program.allow(descriptors: 3)
        let waiting = try (0..<100).map { _ in try program.client() }
        for client in waiting { try client.begin("GET", "/v2/session", bearer: token) }
        let (time, start) = (try program.processorTime(), ContinuousClock.now)
        _ = try silent.readToEnd()
        let load = (try program.processorTime() - time) / (ContinuousClock.now - start)
        #expect(load < 0.5, "\(load) of a processor, to wait")
        for _ in 0..<50 {
          #expect(try good.ownStatus(token) == 200)
          #expect(try good.send("POST", "/v2/sessions", #"{"user_id":"u"}"#).status == 201)
        }
        #expect(try good.metrics().value("sesame_http_connections") == 1)
        try program.allow(descriptors: 1024)
        for client in waiting { #expect(try client.finish().status == 200) }
      }
    }
  }
}
