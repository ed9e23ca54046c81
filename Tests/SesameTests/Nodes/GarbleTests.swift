import Foundation
import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct NodesGarbleTests {
    /// What a caller found, who knows what may be answered.
    private struct Findings: Sendable {
      var answers = 0
      var unserved = 0
      var faults: [String] = []
    }

    private static let callers = 8

    @Test(
      "a store whose words come garbled or cut answers nobody with another's session, and is believed when it is whole",
      arguments: SharedStoreKind.tested)
    func garbled(kind: SharedStoreKind) async throws {
      // Nothing is cached: every question goes to the store.
      try await withNodes(kind, count: 2, flags: { _ in ["--set", "cache.bytes=0"] }) { nodes in
        let asked = try inParallel(Self.callers) { caller in
          let client = try nodes.client(0)
          return try (0..<4).map { try client.open("caller-\(caller)-\($0)") }
        }
        let processes = nodes.programs.map(\.process.number)
        let progress = Progress(Self.callers)
        let findings = try inParallel(Self.callers + 1) { caller -> Findings in
          if caller < Self.callers { return Self.call(nodes, asked[caller], caller, progress) }
          defer { progress.finish() }
          for _ in 0..<NodeTrials.count("GARBLES", orElse: 4) {
            nodes.set(.garble)
            #expect(progress.wait(for: 20), "nobody is answered any more")
            // Whoever waits for the rest of an answer waits for nothing.
            nodes.set(.none)
            nodes.cut()
            #expect(progress.wait(for: 20), "nobody is answered any more")
          }
          return Findings()
        }
        let faults = findings.flatMap(\.faults)
        #expect(faults.prefix(10) == [])
        for client in try nodes.clients() {
          for (id, token) in asked.joined() {
            let isBack = try client.wait { try $0.send("GET", "/v2/session", bearer: token)["id"]?.string == id }
            try #require(isBack, "a session is lost")
          }
          #expect(try client.wait { try $0.send("POST", "/v2/sessions", #"{"user_id":"after"}"#).status == 201 })
        }
        #expect(nodes.programs.map(\.process.number) == processes)
        #expect(nodes.programs.allSatisfy { $0.process.waitForEnd(limit: .zero) == nil }, "a process has ended")
        NodeTrials.report(
          kind, "garbled store",
          [
            ("answers", "\(findings.reduce(0) { $0 + $1.answers })"),
            ("503", "\(findings.reduce(0) { $0 + $1.unserved })"), ("another's", "\(faults.count)"),
          ])
      }
    }

    private static func call(
      _ nodes: Nodes, _ sessions: [(id: String, token: String)], _ caller: Int, _ progress: Progress
    ) -> Findings {
      var findings = Findings()
      var generator = SeededGenerator(seed: UInt64(caller))
      var client: ServiceClient?
      while !progress.isOver {
        do {
          let connection = try client ?? nodes.client(caller % nodes.count)
          client = connection
          let (id, token) = sessions[Int.random(in: 0..<sessions.count, using: &generator)]
          let isOpening = Int.random(in: 0..<4, using: &generator) == 0
          let user = "caller-\(caller)-new"
          let reply =
            isOpening
            ? try connection.send("POST", "/v2/sessions", #"{"user_id":"\#(user)"}"#)
            : try connection.send("GET", "/v2/session", bearer: token)
          findings.answers += 1
          if let fault = fault(in: reply, isOpening ? nil : id, user) { findings.faults.append(fault) }
          if reply.status >= 500 { findings.unserved += 1 }
        } catch {
          findings.faults.append("\(error)")
          client = nil
        }
        progress.note(caller)
      }
      return findings
    }

    /// What is wrong with an answer.
    ///
    /// That a value has another letter is not for us to see: no store's protocol has a checksum; TLS has one.
    private static func fault(in reply: HTTPReply, _ id: String?, _ user: String) -> String? {
      switch reply.status {
      case 200: reply["id"]?.string == id ? nil : "asked for \(id ?? "") and got \(reply.text)"
      case 201: reply["session"]?["id"]?.string != nil && reply["token"]?.string != nil ? nil : reply.text
      case 503, 500, 401: nil
      default: "\(reply.status) \(reply.text)"
      }
    }

    /// How many answers each caller has had.
    private final class Progress: Sendable {
      private let state: Mutex<(counts: [Int], isOver: Bool)>
      private let somethingHappened = DispatchSemaphore(value: 0)

      init(_ callers: Int) { state = Mutex((Array(repeating: 0, count: callers), false)) }

      var isOver: Bool { state.withLock { $0.isOver } }
      func finish() { state.withLock { $0.isOver = true } }

      func note(_ caller: Int) {
        state.withLock { $0.counts[caller] += 1 }
        somethingHappened.signal()
      }

      /// Waits until each caller has had so many more, for at most a minute.
      func wait(for count: Int) -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        let start = state.withLock { $0.counts }
        while ContinuousClock.now < end {
          if zip(start, state.withLock { $0.counts }).allSatisfy({ $1 >= $0 + count }) { return true }
          _ = somethingHappened.wait(timeout: .now() + 1)
        }
        return false
      }
    }
  }
}
