import Glibc
import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct LiveCommandTests {
    @Test("events are listed by type and user, and from a cursor on")
    func list() async throws {
      try await withProgram { program in
        let client = try program.client()
        _ = try client.open("ada")
        _ = try client.open("grace")
        _ = try client.send("POST", "/v2/sessions/close", #"{"filter":{"user_id":"ada"}}"#)
        let all = try ProgramRun(["events", "--json"], on: program).output.map { JSONReading($0) }
        #expect(all.compactMap { $0["type"]?.string } == ["session.opened", "session.opened", "session.closed"])
        let ada = try ProgramRun(["events", "--user", "ada"], on: program)
        #expect(ada.output.count == 2 && ada.output[1].contains("session.closed") && ada.output[1].contains("revoked"))
        let cursor = try #require(all[0]["cursor"]?.string)
        #expect(
          try ProgramRun(["events", "--after", cursor, "--type", "session.opened"], on: program).output.count == 1)
        #expect(try ProgramRun(["events", "--limit", "2"], on: program).output.count == 2)
      }
    }

    @Test(
      "a program that follows events gets each as it happens, goes on over a restart of the server, and ends cleanly")
    func follow() async throws {
      try await withProgram { program in
        let first = try program.client().open("ada")
        let follower = try ChildProcess(
          RunningProgram.executable,
          ["events", "--follow", "--after", "0", "--json", "--data", program.folder.file("data")],
          in: program.folder.path)
        #expect(follower.output.wait { $0.contains(first.id) } != nil)
        let second = try program.client().open("grace")
        #expect(follower.output.wait { $0.contains(second.id) } != nil)
        #expect(program.stop() == 0)
        try program.start()
        let third = try program.client().open("eve")
        #expect(follower.output.wait { $0.contains(third.id) } != nil)
        follower.send(SIGINT)
        #expect(follower.waitForEnd() == 0)
        let ids = follower.output.all.compactMap { JSONReading($0)["session_id"]?.string }
        #expect(ids == [first.id, second.id, third.id], "each comes once, in order")
      }
    }

    @Test("watching a session shows that one alone, in a terminal that is as before after Ctrl-C")
    func watch() async throws {
      try await withProgram { program in
        let client = try program.client()
        let mine = try client.open("ada"), other = try client.open("grace")
        let window = try TerminalWindow(
          "sesame session watch \(mine.id) --data data; echo status $?; stty -a", in: program.folder, columns: 120)
        try window.wait { _ in
          // It watches from some moment on: changes are made until one is seen.
          _ = try? client.send("PATCH", "/v2/sessions/\(other.id)", #"{"status":"\#(UInt32.random(in: 0 ... .max))"}"#)
          _ = try? client.send("PATCH", "/v2/sessions/\(mine.id)", #"{"status":"\#(UInt32.random(in: 0 ... .max))"}"#)
          return (try? window.screen().contains("session.changed")) == true
        }
        _ = try client.send("POST", "/v2/sessions/\(mine.id)/close", "{}")
        let text = try window.wait(for: "session.closed")
        #expect(!text.contains(other.id))
        try window.press("C-c")
        let end = try window.wait(for: "status ")
        #expect(end.contains("status 0"))
        #expect(try window.wait(for: "icanon").contains(" echo "))
      }
    }

    @Test("top fills the screen, follows its size, and gives the terminal back", arguments: ["q", "C-c"])
    func top(key: String) async throws {
      try await withProgram { program in
        let client = try program.client()
        let token = try client.open("ada").token
        let window = try TerminalWindow(
          "echo before; sesame top --data data; echo status $?; stty -a", in: program.folder, columns: 100, rows: 30)
        try window.wait { screen in
          _ = try? client.ownStatus(token)
          _ = try? client.open("grace\u{9B}")
          return screen.contains("GET /v2/session ") && screen.contains("session.opened")
        }
        let screen = try window.screen()
        for part in ["sesame top", "ready", "live", "p99", "hits", "commits/s"] {
          #expect(screen.contains(part), "\(screen)")
        }
        #expect(!screen.contains("before"))
        try window.resize(columns: 60, rows: 12)
        try window.wait {
          $0.ranges(of: "\n").count < 12 && $0.contains("live")
        }
        try window.resize(columns: 100, rows: 30)
        try window.press(key)
        let end = try window.wait { $0.contains("status ") && $0.contains("icanon") }
        #expect(end.contains("status 0") && end.contains("before"))
        #expect(end.contains(" echo ") && end.contains(" icanon ") && end.contains("susp = ^Z"))
      }
    }

    @Test("for programs top writes an object for each round")
    func topJSON() async throws {
      try await withProgram { program in
        _ = try program.client().open("ada")
        let run = try ProgramRun(["top", "--json", "--rounds", "2"], on: program)
        #expect(run.status == 0 && run.output.count == 2)
        let page = JSONReading(run.output[1])
        #expect(page["ready"]?.boolean == true && page["requests_per_second"]?.double != nil && page["live"] != nil)
      }
    }

    @Test(
      "at a terminal the question is asked: no closes nothing, yes closes all", arguments: [("n", 200), ("y", 401)])
    func question(answer: String, status: Int) async throws {
      try await withProgram { program in
        let client = try program.client()
        let tokens = try (0..<3).map { _ in try client.open("ada").token }
        let window = try TerminalWindow(
          "sesame session close --user ada --data data; echo status $?", in: program.folder)
        try window.wait(for: "Close 3 sessions? [y/N]")
        #expect(try client.ownStatus(tokens[0]) == 200)
        try window.press(answer, "Enter")
        let end = try window.wait(for: "status ")
        #expect(end.contains(answer == "y" ? "3 sessions closed." : "Nothing was closed."))
        #expect(try tokens.allSatisfy { try client.ownStatus($0) == status })
      }
    }

    @Test("a password that is typed is not shown, must come twice, and Ctrl-C gives the terminal back")
    func password() async throws {
      try await withProgram { program in
        let window = try TerminalWindow(
          """
          sesame account add --email ada@example.org --password --data data; echo first $?; \
          sesame account add --username grace --password --data data; echo second $?; stty -a
          """, in: program.folder)
        try window.wait(for: "New password:")
        try window.press("a walk by the seaX", "BSpace", "Enter")
        try window.wait(for: "Once more:")
        try window.press("a walk by the sea", "Enter")
        let added = try window.wait(for: "first ")
        #expect(added.contains("first 0") && !added.contains("walk"))
        try window.wait { $0.components("New password:") == 2 }
        try window.press("C-c")
        let end = try window.wait { $0.contains("second ") && $0.contains("icanon") }
        #expect(end.contains("second 1") && end.contains(" echo "))
        let login = try program.client().send(
          "POST", "/v2/login", #"{"email":"ada@example.org","password":"a walk by the sea"}"#)
        #expect(login.status == 201)
      }
    }

    @Test("colours are for terminals, and NO_COLOR turns them off", arguments: [false, true])
    func colours(isRefused: Bool) async throws {
      try await withProgram { program in
        _ = try program.client().open("山田太郎")
        let window = try TerminalWindow(
          "sesame session list --data data; echo over", in: program.folder, columns: 60,
          environment: isRefused ? ["NO_COLOR": "1"] : [:])
        let plain = try window.wait(for: "over")
        #expect(plain.contains("山田太郎"))
        let lines: [Substring] = plain.split(separator: "\n" as Character)
        #expect(lines.prefix(2).allSatisfy { $0.count <= 60 })
        #expect(try window.screen(withColours: true).contains("\u{1B}[1m") == !isRefused)
      }
    }
  }
}

extension String {
  /// How often a text stands in this one.
  fileprivate func components(_ part: String) -> Int { ranges(of: part).count }
}
