import Foundation
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct ProxyTests {
    private static let callers = 32

    /// How many requests each proxy gets; `SESAME_PROXY_REQUESTS` says how many, 4,000 if it doesn't.
    private static var requests: Int {
      ProcessInfo.processInfo.environment["SESAME_PROXY_REQUESTS"].flatMap { Int($0) } ?? 4000
    }

    /// Where the choices begin; `SESAME_SEED` repeats those of another run.
    private static var seed: UInt64 {
      ProcessInfo.processInfo.environment["SESAME_SEED"].flatMap { UInt64($0) } ?? .random(in: 0 ... .max)
    }

    @Test(
      "behind a proxy that shares its connections each of many mixed requests gets its own answer",
      arguments: PlainProxy.allCases)
    func mixed(proxy: PlainProxy) async throws {
      let (seed, requests) = (Self.seed, Self.requests)
      try await withProxy(proxy) { program, port in
        let key = try Self.key(program)
        let answers = try Self.call(port, key, requests: requests, seed: seed)
        print("\(proxy.rawValue): \(answers) answers to \(Self.callers) callers, SESAME_SEED=\(seed)")
        #expect(answers >= requests)
        let cut = try program.client().metrics().samples.filter { $0.name == "sesame_http_refused_total" }
        #expect(cut.allSatisfy { $0.value == 0 }, "\(cut.filter { $0.value > 0 })")
      }
    }

    @Test("no request that hides in another reaches the server by way of a proxy", arguments: PlainProxy.allCases)
    func smuggling(proxy: PlainProxy) async throws {
      try await withProxy(proxy, ["--set", "log.level=debug"]) { program, port in
        let direct = try program.client()
        let key = try Self.key(program)
        // This is what an attacker wants: from this machine and without a proxy's fields, anybody is trusted.
        let proof = try direct.open("proof")
        try RawHTTPClient(port: program.port).send(Self.closing(proof.id))
        #expect(try direct.wait { try $0.ownStatus(proof.token) == 401 }, "the hidden request would do its work")

        let victims = try SmuggledRequest.all.map { try direct.open($0.name.filter { $0.isASCII && $0.isLetter }) }
        let replies = try inParallel(SmuggledRequest.all.count) { index in
          let client = try RawHTTPClient(port: port, timeout: .seconds(10))
          try client.send(SmuggledRequest.all[index].text(hiding: Self.closing(victims[index].id)))
          // Whether it is answered, and how, is between the proxy and who sends such a thing.
          client.halfClose()
          return (try? client.readToEnd()) ?? []
        }
        // What was left over in a shared connection would now meet somebody else's request.
        let answers = try Self.call(port, key, requests: 1000, seed: 1)
        #expect(answers >= 1000)
        for (request, victim) in zip(SmuggledRequest.all, victims) {
          #expect(try direct.ownStatus(victim.token) == 200, "\(request.name) reached the server behind \(proxy)")
        }
        let closed = try direct.events(types: "session.closed")
        #expect(closed.count == 1, "\(closed)")
        let refused = replies.count { $0.starts(with: Array("HTTP/1.1 4".utf8)) }
        print("\(proxy.rawValue): \(replies.count) requests with another one within, \(refused) refused, none reached")
      }
    }

    /// A whole request, which would end a session if it reached the server as it is.
    private static func closing(_ id: String) -> String {
      "POST /v2/sessions/\(id)/close HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n"
    }

    /// A service key, made without the proxy.
    private static func key(_ program: RunningProgram) throws -> String {
      let made = try program.client().send("POST", "/v2/keys", #"{"name":"k","scopes":["admin"]}"#)
      return try #require(made["secret"]?.string, "\(made.text)")
    }

    private static func call(_ port: Int, _ key: String, requests: Int, seed: UInt64) throws -> Int {
      let callers = try inParallel(Self.callers) { number in
        var caller = try MixedCaller(number, port: port, key: key, seed: seed)
        try caller.run((requests + Self.callers - 1) / Self.callers)
        return (caller.answers, caller.faults)
      }
      #expect(callers.flatMap(\.1).prefix(5) == [], "SESAME_SEED=\(seed)")
      return callers.reduce(0) { $0 + $1.0 }
    }
  }
}
