import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct SlowClientTests {
    /// What a client takes its time with.
    enum Slowness: String, CaseIterable, Sendable {
      case head, body

      /// What it says at first; a byte at a time follows, for as long as it is let.
      var beginning: String {
        switch self {
        case .head: "GET /v2/session HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
        case .body:
          "POST /v2/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 65000\r\n\r\n"
        }
      }
    }

    private static let count = 60

    @Test("clients that drip are cut in time, and a good one is served all the while", arguments: Slowness.allCases)
    func dripping(slowness: Slowness) async throws {
      let flags = [
        "--set", "limits.header_time=1s", "--set", "limits.body_time=1s", "--set", "limits.connections=100",
      ]
      try await withProgram(flags) { program in
        let good = try program.client()
        let (_, token) = try good.open()
        let before = try program.memory()
        var slow: [RawHTTPClient] = []
        for _ in 0..<Self.count {
          let client = try RawHTTPClient(port: program.port)
          try client.send(slowness.beginning)
          slow.append(client)
        }
        let start = ContinuousClock.now
        while !slow.isEmpty, .now - start < .seconds(60) {
          // A server that has closed its side makes a later byte fail.
          slow.removeAll { client in
            do { try client.send("x") } catch { return true }
            return false
          }
          #expect(try good.ownStatus(token) == 200)
        }
        #expect(slow.isEmpty, "\(slow.count) still drip")
        let cut = try good.metrics().value("sesame_http_refused_total", ["reason": "\(slowness.rawValue)_timeout"])
        #expect(cut == Double(Self.count))
        #expect(try program.memory() - before < 32 << 20)
        #expect(try good.send("GET", "/v2/sessions?count=true")["count"]?.integer == 1, "no half request was done")
      }
    }

    @Test("clients that ask and don't read cost little memory, and a good one is served all the while")
    func notReading() async throws {
      try await withProgram { program in
        let good = try program.client()
        let (_, token) = try good.open("reader", #""data":"\#(String(repeating: "d", count: 8000))""#)
        let before = try program.memory()
        let question = "GET /v2/session HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \(token)\r\n\r\n"
        // Some 70 KB of questions, with 3 MB of answers.
        let questions = String(repeating: question, count: 400)
        let slow = try (0..<20).map { _ in
          let client = try RawHTTPClient(port: program.port)
          client.shrinkReceiveBuffer()
          try client.send(questions)
          return client
        }
        var most = 0
        for _ in 0..<500 {
          #expect(try good.ownStatus(token) == 200)
          most = max(most, try program.memory())
        }
        #expect(try good.metrics().value("sesame_http_connections") == 21)
        #expect(most - before < 32 << 20, "\((most - before) >> 20) MiB for 20 clients that don't read")
        for client in slow { client.reset() }
        #expect(try good.wait { try $0.metrics().value("sesame_http_connections") == 1 })
      }
    }
  }
}
