import Foundation
import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct FollowerTests {
    /// What a follower has got, over all of its connections.
    private final class Notes: Sendable {
      struct State {
        var entries: [EventFollower.Entry] = []
        var connections = 0
        var isOver = false
      }
      let state = Mutex(State())

      var last: Int64 { state.withLock { $0.entries.last?.id ?? 0 } }
      var count: Int { state.withLock { $0.entries.count } }

      /// Notes an event; false once nobody wants more.
      func take(_ entry: EventFollower.Entry) -> Bool {
        state.withLock { state in
          state.entries.append(entry)
          return !state.isOver
        }
      }
    }

    /// Follows until it is told to stop, hanging up after a number of events that nothing but the generator chose.
    private static func follow(_ port: Int, _ notes: Notes, seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      while !notes.state.withLock({ $0.isOver }) {
        var left = Int.random(in: 1...60, using: &generator)
        guard let follower = try? EventFollower(port: port, after: notes.last) else { continue }
        notes.state.withLock { $0.connections += 1 }
        while left > 0, let entry = try? follower.next() {
          if !notes.take(entry) { return }
          left -= 1
        }
        if Bool.random(using: &generator) { follower.reset() }
      }
    }

    @Test("followers that are cut off anywhere, by stops and kills too, miss nothing and see nothing twice")
    func cuts() async throws {
      let port = FreePort.find()
      let seed = UInt64.random(in: 0 ... .max)
      print("followers: seed \(seed)")
      try await withProgram(["--listen", "127.0.0.1:\(port)", "--threads", "2"]) { program in
        let followers = (0..<3).map { _ in Notes() }
        for (index, notes) in followers.enumerated() {
          let thread = Thread { Self.follow(port, notes, seed: seed &+ UInt64(index)) }
          thread.start()
        }
        defer { for notes in followers { notes.state.withLock { $0.isOver = true } } }
        for round in 0..<6 {
          let process = program.process
          _ = try inParallel(4) { writer in
            guard let client = try? ServiceClient(port: port) else { return }
            for number in 0..<60 {
              // A server that is killed answers no more.
              guard let (id, token) = try? client.open("u\(writer)") else { return }
              _ = try? client.send("POST", "/v2/session/renew", bearer: token)
              _ = try? client.send("POST", "/v2/sessions/\(id)/close")
              if round % 2 == 1, writer == 0, number == 40 { process.send(SIGKILL) }
            }
          }
          if round % 2 == 0 { #expect(program.stop() == 0) }
          program.kill()
          try program.start()
        }
        let client = try program.client()
        let all = try client.events()
        #expect(all.count > 1500)
        let last = try #require(all.last).cursor
        let haveAll = try client.wait { _ in followers.allSatisfy { $0.last >= last } }
        #expect(haveAll, "\(followers.map(\.last)) of \(last)")
        let expected = all.map { EventFollower.Entry(id: $0.cursor, type: $0.type, text: $0.text) }
        for notes in followers {
          let state = notes.state.withLock { $0 }
          #expect(state.connections > 20)
          #expect(state.entries == expected, "seed \(seed): not what the pages say")
        }
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.cursor < $1.cursor })
        for limit in [1, 7, 1000] {
          let pages = try client.events(after: "\(all[all.count - 50].cursor)", limit: limit)
          #expect(pages == Array(all.suffix(49)))
        }
      }
    }

    @Test("a follower that is cut off before its first event resumes where it began, and misses nothing")
    func cutBeforeTheFirst() async throws {
      try await withProgram { program in
        let client = try program.client()
        _ = try client.open()
        let follower = try EventFollower(port: program.port, after: nil)
        follower.reset()
        let (session, _) = try client.open()
        let resumed = try EventFollower(port: program.port, after: follower.start)
        #expect(resumed.start == follower.start)
        let entry = try #require(try resumed.next())
        #expect(entry.type == "session.opened" && entry.text.contains(session))
      }
    }

    @Test("a key that is revoked while it follows gets the news of that at most, and then the end")
    func revokedKey() async throws {
      try await withProgram { program in
        let client = try program.client()
        let made = try client.send("POST", "/v2/keys", #"{"name":"reader","scopes":["events:read"]}"#)
        let secret = try #require(made["secret"]?.string)
        let id = try #require(made["key"]?["id"]?.integer)
        let follower = try EventFollower(port: program.port, after: nil, bearer: secret)
        let (session, _) = try client.open()
        let first = try #require(try follower.next())
        #expect(first.type == "session.opened" && first.text.contains(session))
        #expect(try client.send("DELETE", "/v2/keys/\(id)").status == 204)
        let (late, _) = try client.open()
        var seen: [String] = []
        while let entry = try follower.next() { seen.append(entry.text) }
        #expect(!seen.contains { $0.contains(late) }, "\(seen)")
        #expect(throws: (any Error).self) { try EventFollower(port: program.port, after: nil, bearer: secret) }
        let other = try EventFollower(port: program.port, after: first.id)
        #expect(try other.next()?.type == "key.revoked", "others go on")
      }
    }

    @Test("a follower that does not read holds up nobody, costs little, and is cut off; resumed, it has missed nothing")
    func slowReader() async throws {
      try await withProgram { program in
        let client = try program.client()
        _ = try client.open()
        let slow = try EventFollower(port: program.port, after: 0, isSlow: true)
        let first = try #require(try slow.next())
        let quick = try EventFollower(port: program.port, after: first.id)
        let before = try program.peakMemory()
        let port = program.port
        let name = String(repeating: "k", count: 255)
        let made = try client.send("POST", "/v2/keys", #"{"name":"\#(name)","scopes":["sessions:write"]}"#)
        let key = try #require(made["secret"]?.string)
        // About a kilobyte each, together more than the system keeps for a connection that nobody reads.
        _ = try inParallel(4) { writer in
          let client = try ServiceClient(port: port)
          let (id, _) = try client.open(String(repeating: "\(writer)", count: 255))
          for number in 0..<1500 {
            _ = try client.send(
              "PATCH", "/v2/sessions/\(id)", #"{"data":\#(number)}"#, bearer: key,
              fields: [("X-Request-Id", String(repeating: "r", count: 128))])
          }
        }
        let last = try #require(try client.events(after: "\(first.id)", limit: 1000).last)
        var count = 0
        while let entry = try quick.next() {
          count += 1
          if entry.id == last.cursor { break }
        }
        #expect(count == 6_005, "the quick one has all of it")
        #expect(try program.peakMemory() - before < 96 << 20)
        #expect(
          try client.wait {
            try $0.metrics().value("sesame_http_refused_total", ["reason": "write_timeout"]) == 1
          })
        slow.hurry()
        var place = first.id
        var seen = 1
        while let entry = try? slow.next() {
          #expect(entry.id > place)
          place = entry.id
          seen += 1
        }
        #expect(seen < 6_000, "it was cut off before the end")
        let resumed = try EventFollower(port: program.port, after: place)
        while let entry = try resumed.next() {
          seen += 1
          if entry.id == last.cursor { break }
        }
        #expect(seen == 1 + 6_005)
      }
    }
  }
}
