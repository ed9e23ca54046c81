import HTTPTesting
import Testing

extension RunningProgramTests {
  @Suite struct ServerChoiceTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("where no server runs it says how to start one, or how to name one")
    func noServer() throws {
      for arguments in [["session", "list"], ["events", "--follow"], ["top", "--json"], ["account", "show", "1"]] {
        let run = try ProgramRun(sesame: arguments + ["--data", folder.file("data")], in: folder.path)
        #expect(run.status == 1 && run.errors.count == 1)
        for part in ["sesame serve", "--data", "--server", "data/sesame.sock"] { #expect(run.complaint.contains(part)) }
      }
    }

    @Test("a socket that nobody listens on any more is no server")
    func deadSocket() async throws {
      try await withProgram(folder: folder) { program in program.kill() }
      let run = try ProgramRun(sesame: ["session", "list", "--data", folder.file("data")], in: folder.path)
      #expect(run.status == 1 && run.complaint.contains("No server answers"))
    }

    @Test(
      "an address that is none, or gone, or somebody else's, says so",
      arguments: [
        ("127.0.0.1:8080", Int32(2), "--server takes"), ("ftp://a", 2, "--server takes"),
        ("http://127.0.0.1:1", 1, "Is a server running there?"), ("http://sessions.example.org", 1, "https://"),
        ("https://user@127.0.0.1", 1, "address"),
      ])
    func wrongServer(server: String, status: Int32, part: String) throws {
      let run = try ProgramRun(sesame: ["session", "list", "--server", server], in: folder.path)
      #expect(run.status == status && run.complaint.contains(part), "\(run.complaint)")
      #expect(run.errors.count == 1)
    }

    @Test("what is not this service says so, and sends nothing to the terminal")
    func otherServer() async throws {
      let other = RecordingServer(pages: [
        "/v2/sessions": .init(type: "application/json", text: "{\"sessions\":1}\u{1B}[2J")
      ])
      let folder = folder
      try await other.serve {
        let port = other.port
        let run = try await onBlockingThread {
          try ProgramRun(sesame: ["session", "list", "--server", "http://127.0.0.1:\(port)"], in: folder.path)
        }
        #expect(run.status == 1 && run.complaint.contains("is not JSON"), "\(run.complaint)")
        #expect(!run.complaint.contains("\u{1B}"))
      }
    }

    @Test("from outside a key is asked for, and a wrong one refused")
    func keys() async throws {
      try await withProgram(["--set", "server.trusted_networks=203.0.113.0/24"], folder: folder) { program in
        let flags = ["session", "list", "--server", "http://127.0.0.1:\(program.port)"]
        let wrong = try ProgramRun(sesame: flags + ["--key", "ssk_wrong"], in: program.folder.path)
        #expect(wrong.status == 1 && wrong.complaint.contains("does not accept"))
        let none = try ProgramRun(sesame: flags + ["--key", "a\nb"], in: program.folder.path)
        #expect(none.status == 2 && none.complaint.contains("ssk_"))
        let missing = try ProgramRun(sesame: flags + ["--key-file", "/nonexistent"], in: program.folder.path)
        #expect(missing.status == 1 && missing.complaint.contains("/nonexistent"))
      }
    }

    @Test("settings say where the server is, and the key's variables are none of serve's business")
    func settings() async throws {
      try await withProgram(
        environment: ["SESAME_SERVER": "http://127.0.0.1:1", "SESAME_KEY": "ssk_x"], folder: folder
      ) { program in
        try program.folder.write("[server]\ndata = \"\(program.folder.file("data"))\"\n", to: "sesame.toml")
        #expect(try ProgramRun(sesame: ["session", "list", "--count"], in: program.folder.path).output == ["0"])
        let wrong = try ProgramRun(
          sesame: ["session", "list"], in: program.folder.path, environment: ["SESAME_LOG_LEVELL": "x"])
        #expect(wrong.status == 2 && wrong.complaint.contains("SESAME_LOG_LEVEL?"))
      }
    }
  }
}
