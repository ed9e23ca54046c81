import HTTPTesting
import JSON
import Testing

extension RunningProgramTests {
  @Suite struct AccountCommandTests {
    @Test("an account is added with a password from standard input, found by any of its names, and changed")
    func life() async throws {
      try await withProgram { program in
        let added = try ProgramRun(
          ["account", "add", "--email", "ada@example.org", "--username", "ada", "--first-name", "Ada", "--password"],
          on: program, input: "a walk by the sea\n")
        #expect(added.status == 0 && added.text.contains("A administrator"), "\(added.complaint)")
        let client = try program.client()
        #expect(
          try client.send("POST", "/v2/login", #"{"email":"ada@example.org","password":"a walk by the sea"}"#).status
            == 201)
        for who in ["1", "ada", "ada@example.org"] {
          let shown = try ProgramRun(["account", "show", who, "--json"], on: program)
          #expect(shown.json["id"]?.integer == 1 && shown.json["first_name"]?.string == "Ada")
        }
        _ = try ProgramRun(["account", "add", "--username", "grace"], on: program)
        #expect(try ProgramRun(["account", "level", "grace", "T", "--json"], on: program).json["level"]?.string == "T")
        #expect(try ProgramRun(["account", "list", "--level", "T", "--count"], on: program).output == ["1"])
        let table = try ProgramRun(["account", "list"], on: program)
        #expect(table.output.count == 3 && table.output[1].contains("ada@example.org"))
      }
    }

    @Test("deactivation and a new password close the sessions, after the question")
    func closing() async throws {
      try await withProgram { program in
        _ = try ProgramRun(["account", "add", "--username", "root"], on: program)
        _ = try ProgramRun(["account", "add", "--username", "grace"], on: program)
        let client = try program.client()
        var tokens = try (0..<2).map { _ in try client.open("2").token }
        #expect(
          try ProgramRun(["account", "deactivate", "grace", "--dry-run"], on: program).output == [
            "2 of its sessions would close."
          ])
        let refused = try ProgramRun(["account", "deactivate", "grace"], on: program)
        #expect(refused.status == 2 && refused.complaint.contains("--yes"))
        #expect(try client.ownStatus(tokens[0]) == 200)
        let changed = try ProgramRun(
          ["account", "password", "grace", "--yes"], on: program, input: "a walk by the sea")
        #expect(changed.status == 0, "\(changed.complaint)")
        #expect(try tokens.allSatisfy { try client.ownStatus($0) == 401 })
        tokens = try (0..<2).map { _ in try client.open("2").token }
        #expect(
          try ProgramRun(["account", "deactivate", "grace", "--yes", "--json"], on: program).json["active"]?.boolean
            == false)
        #expect(try tokens.allSatisfy { try client.ownStatus($0) == 401 })
        #expect(
          try ProgramRun(["account", "activate", "grace", "--json"], on: program).json["active"]?.boolean == true)
      }
    }

    @Test(
      "what can't be done says so in a sentence",
      arguments: [
        (["account", "show", "nobody"], Int32(1), "There is no account nobody"),
        (["account", "show", "7"], 1, "There is no account 7"),
        (["account", "add", "--name", "Ada"], 2, "--email or --username"),
        (["account", "level", "1", "X"], 2, "I, U, C, T or A"),
        (["account", "add", "--email", "no address"], 1, "email"),
        (["account", "add", "--username", "b", "--password"], 1, "No password"),
        (["account", "deactivate", "root", "--yes"], 1, "administrator"),
      ])
    func refused(arguments: [String], status: Int32, part: String) async throws {
      try await withProgram { program in
        _ = try ProgramRun(["account", "add", "--username", "root"], on: program)
        let run = try ProgramRun(arguments, on: program)
        #expect(run.status == status && run.complaint.contains(part), "\(run.complaint)")
        #expect(run.errors.count == 1 && run.output.isEmpty)
      }
    }
  }
}
