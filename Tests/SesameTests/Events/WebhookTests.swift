import Foundation
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct WebhookTests {
    /// Waits until a receiver has got as far as an event.
    private func wait(_ client: ServiceClient, _ receiver: WebhookReceiver, for cursor: Int64?) throws -> Bool {
      try client.wait { _ in receiver.taken.last?.cursor == cursor }
    }

    @Test("a receiver is told of every event in order, in signed posts, and after its failures of those it missed")
    func retries() async throws {
      let receiver = try WebhookReceiver()
      try await withProgram(receiver.settings()) { program in
        let client = try program.client()
        let (id, token) = try client.open()
        _ = try client.send("POST", "/v2/session/renew", bearer: token)
        #expect(try wait(client, receiver, for: try client.events().last?.cursor))
        receiver.set(.failing)
        for _ in 0..<20 { _ = try client.open() }
        #expect(try client.wait { _ in receiver.refused >= 2 }, "it is asked again")
        _ = try client.send("POST", "/v2/sessions/\(id)/close")
        receiver.set(.taking)
        let all = try client.events()
        #expect(all.count == 23)
        #expect(try wait(client, receiver, for: all.last?.cursor))
        #expect(receiver.taken == all && receiver.faults == [], "\(receiver.faults)")
        // Counted when the answer is there, which may be a moment after it was given.
        let isCounted = try client.wait { client in
          let metrics = try client.metrics()
          return metrics.value("sesame_webhook_events_total", ["webhook": "test"]) == 23
            && metrics.value("sesame_webhook_failures_total", ["webhook": "test"]) == Double(receiver.refused)
        }
        #expect(isCounted)
        #expect(!program.log.contains { $0.contains(WebhookReceiver.secret) })
      }
    }

    @Test("kill -9 of the server loses no event; the receiver goes on where it was")
    func kills() async throws {
      let receiver = try WebhookReceiver()
      try await withProgram(receiver.settings() + ["--threads", "2"]) { program in
        for round in 0..<5 {
          let (port, process) = (program.port, program.process)
          _ = try inParallel(4) { writer in
            guard let client = try? ServiceClient(port: port) else { return }
            for number in 0..<100 {
              if (try? client.open("u\(writer)")) == nil { return }
              if writer == 0, number == 30 + 10 * round { process.send(SIGKILL) }
            }
          }
          program.kill()
          if round == 2 { receiver.set(.failing) }
          try program.start()
          if round == 2 {
            #expect(try program.client().wait { _ in receiver.refused > 0 })
            receiver.set(.taking)
          }
        }
        let client = try program.client()
        let all = try client.events()
        #expect(all.count > 300)
        #expect(try wait(client, receiver, for: all.last?.cursor))
        // At least once: after a kill some may come again, under the same cursors, and in order from there.
        var first: [LoggedLine] = []
        for line in receiver.taken where line.cursor > first.last?.cursor ?? 0 { first.append(line) }
        #expect(first == all, "each for the first time, in order")
        let known = Dictionary(uniqueKeysWithValues: all.map { ($0.cursor, $0) })
        #expect(receiver.taken.allSatisfy { known[$0.cursor] == $0 })
        #expect(receiver.faults == [])

        // What it has taken does not come again after an orderly stop.
        let count = receiver.taken.count
        #expect(program.stop() == 0)
        try program.start()
        let later = try program.client()
        _ = try later.open("last")
        #expect(try wait(later, receiver, for: try later.events().last?.cursor))
        #expect(receiver.taken.count == count + 1)
      }
    }

    @Test("a receiver that never answers holds up neither the service, nor another receiver, nor the stop")
    func silent() async throws {
      let (silent, other) = (try WebhookReceiver(), try WebhookReceiver())
      silent.set(.silent)
      let settings = other.settings(types: "session.closed").map {
        $0.replacingOccurrences(of: ".test.", with: ".other.")
      }
      try await withProgram(silent.settings() + settings) { program in
        let client = try program.client()
        let (id, _) = try client.open()
        _ = try client.open()
        _ = try client.send("POST", "/v2/sessions/\(id)/close")
        let closed = try #require(try client.events(types: "session.closed").last)
        #expect(try wait(client, other, for: closed.cursor))
        #expect(other.taken == [closed], "and of no type that it did not ask for")
        #expect(try client.wait { _ in silent.posts > 0 })
        #expect(silent.taken.isEmpty)
        #expect(program.stop() == 0)
      }
    }
  }
}
