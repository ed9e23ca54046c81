import Foundation
import HTTPTesting
import JSON
import Synchronization
import Testing

extension RunningProgramTests {
  @Suite struct StopTests {
    /// What one caller under load was told.
    private struct Told: Sendable {
      var opened = 0
      var wrong: [String] = []
    }

    @Test("a stop under load answers every request that it took, and takes none that it does not answer")
    func underLoad() async throws {
      try await withProgram { program in
        let port = program.port
        let process = program.process
        let answers = Atomic(0)
        let told = try inParallel(8) { caller -> Told in
          var told = Told()
          do {
            let client = try ServiceClient(port: port)
            while true {
              let reply = try client.send("POST", "/v2/sessions", #"{"user_id":"caller-\#(caller)"}"#)
              if reply.status != 201 { told.wrong.append("\(reply.status) \(reply.text)") }
              told.opened += 1
              if answers.add(1, ordering: .relaxed).newValue == 400 { process.send(SIGTERM) }
              if reply.field("connection") == "close" { break }
            }
          } catch RawHTTPClientError.closed(after: []) {
            // The connection was idle when the server ended it: this request was never read.
          } catch RawHTTPClientError.system(_, let number) where [ECONNRESET, EPIPE, ECONNREFUSED].contains(number) {
          } catch {
            told.wrong.append("\(error)")
          }
          return told
        }
        #expect(process.waitForEnd(limit: .seconds(10)) == 0)
        #expect(told.flatMap(\.wrong) == [])
        try program.start()
        let client = try program.client()
        for (caller, told) in told.enumerated() {
          let page = try client.send("GET", "/v2/sessions?user_id=caller-\(caller)&count=true&limit=1")
          #expect(page["count"]?.integer == Int64(told.opened), "one answer for each session that was opened")
        }
      }
    }

    @Test("a request whose head was read before the stop is answered, though its body comes later")
    func halfRead() async throws {
      try await withProgram { program in
        let body = #"{"user_id":"late"}"#
        let late = try RawHTTPClient(port: program.port)
        try late.send(
          "POST /v2/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: \(body.utf8.count)\r\nExpect: 100-continue\r\n\r\n")
        #expect(try late.reply().status == 100)
        program.process.send(SIGTERM)
        let port = program.port
        while (try? RawHTTPClient(port: port)) != nil {}
        try late.send(body)
        let reply = try late.reply()
        #expect(reply.status == 201 && reply.field("connection") == "close")
        #expect(try late.readToEnd().isEmpty)
        #expect(program.process.waitForEnd(limit: .seconds(10)) == 0)
        #expect(program.log.last?.contains("server.stopped") == true)
        try program.start()
        #expect(try program.client().send("GET", "/v2/sessions?user_id=late&count=true")["count"]?.integer == 1)
      }
    }

    @Test("while it drains, all are served and load balancers are told to turn elsewhere; a second signal ends it")
    func draining() async throws {
      try await withProgram(["--set", "limits.drain_time=10m"]) { program in
        let client = try program.client()
        program.process.send(SIGTERM)
        #expect(try client.wait { try $0.send("GET", "/readyz").status == 503 })
        let (_, token) = try program.client().open()
        #expect(try client.ownStatus(token) == 200)
        #expect(program.stop(limit: .seconds(10)) == 0)
        #expect(program.log.contains { $0.contains("server.draining") })
      }
    }

    @Test("a request that never ends holds up a stop for no longer than the settings allow")
    func endless() async throws {
      try await withProgram(["--set", "limits.stop_time=1s"]) { program in
        let endless = try RawHTTPClient(port: program.port)
        try endless.send(
          "POST /v2/sessions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            + "Content-Length: 20\r\nExpect: 100-continue\r\n\r\n")
        #expect(try endless.reply().status == 100)
        #expect(program.stop(limit: .seconds(10)) == 0)
        #expect(try endless.readToEnd().isEmpty)
      }
    }

    @Test("a stop writes the times of last requests, which a kill would lose")
    func touches() async throws {
      try await withProgram(["--set", "session.touch_interval=5m"]) { program in
        let client = try program.client()
        let (id, token) = try client.open()
        let shown = try client.send("GET", "/v2/sessions/\(id)")
        let opened = shown["open_time"]?.string
        var last: String?
        let moved = try client.wait { client in
          last = try client.send("GET", "/v2/session", bearer: token)["request_time"]?.string
          return last != opened
        }
        #expect(moved)
        #expect(program.stop(limit: .seconds(10)) == 0)
        try program.start()
        #expect(try program.client().send("GET", "/v2/sessions/\(id)")["request_time"]?.string == last)
        #expect(try program.client().ownStatus(token) == 200)
      }
    }

    @Test("a stop ends idle connections at once, and takes its socket away", arguments: [SIGTERM, SIGINT])
    func idle(signal: Int32) async throws {
      try await withProgram { program in
        let clients = try (0..<20).map { _ in try program.client() }
        for client in clients { #expect(try client.send("GET", "/healthz").status == 200) }
        program.process.send(signal)
        #expect(program.process.waitForEnd(limit: .seconds(10)) == 0)
        #expect(!FileManager.default.fileExists(atPath: program.folder.file("data/sesame.sock")))
      }
    }

    @Test("the socket that a killed server left behind is no obstacle")
    func leftSocket() async throws {
      try await withProgram { program in
        let (_, token) = try program.client().open()
        program.kill()
        #expect(FileManager.default.fileExists(atPath: program.folder.file("data/sesame.sock")))
        try program.start()
        #expect(try program.socketClient().ownStatus(token) == 200)
      }
    }
  }
}
