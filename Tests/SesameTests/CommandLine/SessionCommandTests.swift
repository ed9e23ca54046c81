import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct SessionCommandTests {
    @Test("a session is opened, shown, verified and closed from the command line")
    func life() async throws {
      try await withProgram { program in
        let opened = try ProgramRun(
          ["session", "open", "ada", "--session-data", #"{"cart":[1]}"#, "--idle-timeout", "30min", "--json"],
          on: program)
        #expect(opened.status == 0 && opened.errors.isEmpty, "\(opened.complaint)")
        let id = try #require(opened.json["session"]?["id"]?.string)
        let token = try #require(opened.json["token"]?.string)
        #expect(opened.json["session"]?["idle_timeout"]?.integer == 1800)

        let shown = try ProgramRun(["session", "show", id], on: program)
        #expect(shown.status == 0 && shown.text.contains(#"{"cart":[1]}"#) && shown.text.contains("30 min"))
        #expect(!shown.text.contains("sst_"))

        let verified = try ProgramRun(["session", "verify"], on: program, input: token + "\n")
        #expect(verified.status == 0 && verified.text.contains(id))
        let asWord = try ProgramRun(["session", "verify", token, "--json"], on: program)
        #expect(asWord.status == 0 && asWord.json["active"]?.boolean == true)

        let closed = try ProgramRun(["session", "close", id, "--reason", "logout"], on: program)
        #expect(closed.status == 0 && closed.output == ["1 session closed."])
        let refused = try ProgramRun(["session", "verify"], on: program, input: token)
        #expect(refused.status == 1 && refused.output == ["not active: closed, logout"])
      }
    }

    @Test("the token alone is written for scripts")
    func tokenOnly() async throws {
      try await withProgram { program in
        let run = try ProgramRun(["session", "open", "ada", "--token-only"], on: program)
        #expect(run.output.count == 1)
        #expect(try program.client().ownStatus(run.text) == 200)
      }
    }

    @Test("lists are filtered, counted, limited and paged, as a table and as JSON")
    func lists() async throws {
      try await withProgram { program in
        let client = try program.client()
        for number in 0..<1203 { _ = try client.open(number % 3 == 0 ? "ada" : "grace", #""client":"web""#) }
        #expect(try ProgramRun(["session", "list", "--count"], on: program).output == ["1203"])
        #expect(
          try ProgramRun(["session", "list", "--user", "ada", "--count", "--json"], on: program).json["count"]?.integer
            == 401)
        let some = try ProgramRun(["session", "list", "--user", "ada", "--limit", "7"], on: program)
        #expect(some.output.count == 8 && some.output[0].hasPrefix("ID") && some.output[1].contains("ada"))
        #expect(!some.text.contains("\u{1B}"))
        let all = try ProgramRun(["session", "list", "--all", "--json"], on: program)
        #expect(all.output.count == 1203)
        #expect(Set(all.output.compactMap { JSONReading($0)["id"]?.string }).count == 1203)
        let limited = try ProgramRun(
          ["session", "list", "--limit", "1100", "--json", "--order", "oldest"], on: program)
        #expect(limited.output.count == 1100)
        #expect(try ProgramRun(["session", "list", "--opened-to", "1h", "--count"], on: program).output == ["0"])
        #expect(try ProgramRun(["session", "list", "--from", "1h", "--count"], on: program).output == ["1203"])
      }
    }

    @Test("several sessions close only with --yes where nobody can be asked, and a dry run closes none")
    func closingMany() async throws {
      try await withProgram { program in
        let client = try program.client()
        let tokens = try (0..<3).map { _ in try client.open("ada").token }
        let other = try client.open("grace").token
        #expect(
          try ProgramRun(["session", "close", "--user", "ada", "--dry-run"], on: program).output == [
            "3 sessions would close."
          ])
        let refused = try ProgramRun(["session", "close", "--user", "ada"], on: program)
        #expect(refused.status == 2 && refused.complaint.contains("--yes") && refused.complaint.contains("3 sessions"))
        #expect(try tokens.allSatisfy { try client.ownStatus($0) == 200 })
        let done = try ProgramRun(["session", "close", "--user", "ada", "--yes", "--json"], on: program)
        #expect(done.status == 0 && done.json["count"]?.integer == 3)
        #expect(try tokens.allSatisfy { try client.ownStatus($0) == 401 })
        #expect(try client.ownStatus(other) == 200)
        let one = try ProgramRun(["session", "close", "--user", "grace"], on: program)
        #expect(one.status == 0 && one.output == ["1 session closed."])
        #expect(try client.ownStatus(other) == 401)
        let none = try ProgramRun(["session", "close", "--user", "grace"], on: program)
        #expect(none.status == 0 && none.output == ["0 sessions closed."])
      }
    }

    @Test("several ids are more than one session, too")
    func closingIDs() async throws {
      try await withProgram { program in
        let client = try program.client()
        let first = try client.open(), second = try client.open()
        let refused = try ProgramRun(["session", "close", first.id, second.id], on: program)
        #expect(refused.status == 2)
        #expect(try client.ownStatus(first.token) == 200)
        let twice = try ProgramRun(["session", "close", first.id, first.id], on: program)
        #expect(twice.status == 0 && twice.output == ["1 session closed."])
        let done = try ProgramRun(["session", "close", first.id, second.id, "--yes"], on: program)
        #expect(done.status == 0 && done.output == ["1 session closed."])
        #expect(try client.ownStatus(second.token) == 401)
      }
    }

    @Test(
      "what can't be done says so in a sentence, with the right status",
      arguments: [
        (["session", "show", "0123456789abcdefghjkmnpqrs"], Int32(1), "There is no session"),
        (["session", "show", "../accounts"], 1, "There is no session"),
        (["session", "show", ""], 1, "There is no session"),
        (["session", "open", ""], 1, "user_id"),
        (["session", "open", "a", "--session-data", "{"], 2, "--session-data takes JSON"),
        (["session", "open", "a", "--lifetime", "long"], 2, "--lifetime takes a time"),
        (["session", "list", "--from", "yesterday"], 2, "--from takes a time"),
        (["session", "close"], 2, "by their ids"),
        (["session", "close", "x", "--user", "a"], 2, "not both"), (["session", "lsit"], 2, "Did you mean \"list\"?"),
        (["session"], 2, "See: sesame help session"),
        (["session", "list", "--sate", "open"], 2, "did you mean --state?"),
        (["session", "verify"], 2, "no token on standard input"), (["events", "--after", "x"], 1, "after"),
        (["top"], 2, "needs a terminal"),
      ])
    func refused(arguments: [String], status: Int32, part: String) async throws {
      try await withProgram { program in
        let run = try ProgramRun(arguments, on: program)
        #expect(run.status == status, "\(run.complaint)")
        #expect(run.output.isEmpty)
        #expect(
          run.errors.count == 1 && run.complaint.hasPrefix("sesame: ") && run.complaint.contains(part),
          "\(run.complaint)")
      }
    }

    @Test("what clients put into their sessions is shown, and never sent to the terminal")
    func hostileText() async throws {
      try await withProgram { program in
        let client = try program.client()
        let hostile = #"\u001b[2J\u009b31m\u202eevil\r\nid  fake"#
        let id = try client.open("u1", #""client":"\#(hostile)","user_name":"\#(hostile)","data":{"a":"\#(hostile)"}"#)
          .id
        for arguments in [["session", "list"], ["session", "show", id], ["session", "show", id, "--json"]] {
          let run = try ProgramRun(arguments, on: program)
          let scalars = run.text.unicodeScalars
          #expect(run.status == 0 && run.text.contains("evil"))
          #expect(
            !scalars.contains {
              ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) || $0.value == 0x202E
            })
          #expect(!run.output.contains { $0.hasPrefix("id  fake") })
        }
        let json = try ProgramRun(["session", "show", id, "--json"], on: program).json
        #expect(json["data"]?["a"]?.string == "\u{1B}[2J\u{9B}31m\u{202E}evil\r\nid  fake")
      }
    }
  }
}
