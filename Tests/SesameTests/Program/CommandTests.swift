import HTTPTesting
import JSON
import Sesame
import Testing

extension RunningProgramTests {
  @Suite struct CommandTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test("the version is one line, however it is asked for", arguments: ["--version", "version"])
    func version(word: String) throws {
      let run = try ProgramRun(sesame: [word], in: folder.path)
      #expect(run.status == 0 && run.errors.isEmpty)
      #expect(run.output == ["sesame \(Version.text)"])
    }

    @Test("help lists the commands, and explains each", arguments: ["serve", "check", "benchmark", "help", "version"])
    func help(command: String) throws {
      let overview = try ProgramRun(sesame: ["help"], in: folder.path)
      #expect(overview.status == 0 && overview.errors.isEmpty)
      #expect(overview.output.contains { $0.hasPrefix("  \(command)") || $0.hasPrefix("  --\(command)") })
      let explained = try ProgramRun(sesame: ["help", command], in: folder.path)
      #expect(explained.status == 0 && explained.errors.isEmpty)
      #expect(explained.output.first?.hasPrefix("Usage: sesame ") == true)
    }

    @Test("help of serve names every flag with its default")
    func flags() throws {
      let text = try ProgramRun(sesame: ["serve", "--help"], in: folder.path).output.joined(separator: "\n")
      for flag in ["--listen", "--data", "--store", "--threads", "--config", "--set", "--no-migrate"] {
        #expect(text.contains("  \(flag)"))
      }
      #expect(text.contains("127.0.0.1:8080"))
    }

    @Test(
      "wrong use ends with status 2 and a sentence that names the nearest right word",
      arguments: [
        (["server"], "serve"), (["chek"], "check"), (["help", "serv"], "serve"),
        (["serve", "--set", "sesion.lifetime=1d"], "session.lifetime"), (["serve", "--lissten", "x"], "--listen"),
        (["check", "--dat", "x"], "--data"),
      ])
    func nearest(arguments: [String], right: String) throws {
      let run = try ProgramRun(sesame: arguments, in: folder.path)
      #expect(run.status == 2)
      #expect(run.output.isEmpty)
      #expect(run.errors.count == 1 && run.complaint.hasPrefix("sesame: ") && run.complaint.contains(right))
    }

    @Test("no command at all is wrong use, and shows what there is")
    func nothing() throws {
      let run = try ProgramRun(sesame: [], in: folder.path)
      #expect(run.status == 2)
      #expect((run.output + run.errors).contains { $0.hasPrefix("Usage: sesame") })
    }

    @Test("a word with control characters does not reach the terminal as it is")
    func controlCharacters() throws {
      let run = try ProgramRun(sesame: ["a\u{1B}[31m\u{7}b"], in: folder.path)
      #expect(run.status == 2)
      #expect(run.complaint.utf8.allSatisfy { $0 >= 0x20 })
    }

    @Test("an unknown setting is refused wherever it stands, with the name of the nearest")
    func unknownSetting() throws {
      let byVariable = try ProgramRun(
        sesame: ["check"], in: folder.path, environment: ["SESAME_LOG_LEVELL": "debug"])
      #expect(byVariable.status == 2 && byVariable.complaint.contains("SESAME_LOG_LEVEL;") == false)
      #expect(byVariable.complaint.contains("SESAME_LOG_LEVEL?"))
      try folder.write("[log]\nlevl = \"debug\"\n", to: "sesame.toml")
      let byFile = try ProgramRun(sesame: ["check"], in: folder.path)
      #expect(byFile.status == 2 && byFile.complaint.contains("log.level?") && byFile.complaint.contains("line 2"))
    }

    @Test("check finds nothing wrong before the first start, and makes nothing")
    func checkBefore() throws {
      let run = try ProgramRun(sesame: ["check", "--data", folder.file("data")], in: folder.path)
      #expect(run.status == 0, "\(run.output) \(run.complaint)")
      #expect(folder.bytes(of: "data/keys").isEmpty)
      #expect(run.errors.isEmpty)
    }

    @Test("check finds nothing wrong after a stop, nor while the server runs")
    func checkBeside() async throws {
      try await withProgram(folder: folder) { program in
        _ = try program.client().open()
        let flags = ["check", "--data", program.folder.file(RunningProgram.data)]
        let beside = try ProgramRun(sesame: flags, in: program.folder.path)
        #expect(beside.status == 0, "\(beside.output)")
        #expect(try program.client().send("GET", "/readyz").status == 200)
        #expect(program.stop() == 0)
        let after = try ProgramRun(sesame: flags, in: program.folder.path)
        #expect(after.status == 0, "\(after.output)")
      }
    }

    @Test("check says what is wrong with the keys, as text and as JSON")
    func checkBroken() async throws {
      try await withProgram(folder: folder) { program in
        #expect(program.stop() == 0)
      }
      try folder.write("1 2026-11-21T00:00:00Z - tooshort\n", to: "data/keys")
      let flags = ["check", "--data", folder.file("data")]
      let text = try ProgramRun(sesame: flags, in: folder.path)
      #expect(text.status == 1)
      #expect(text.output.contains { $0.contains("line 1") })
      let json = try ProgramRun(sesame: flags + ["--json"], in: folder.path)
      #expect(json.status == 1)
      let findings = json.output.map { try? JSONDocument(parsing: Array($0.utf8)).root }
      let subjects = findings.compactMap { $0?["subject"]?.string }
      #expect(
        subjects.count == json.output.count && Set(subjects).isSuperset(of: ["settings", "keys", "store", "clock"]))
      for finding in findings {
        #expect(finding?["ok"]?.boolean == (finding?["subject"]?.string != "keys"))
        #expect(finding?["detail"]?.string?.isEmpty == false)
      }
    }

    @Test("check finds a key ring that others can read, and says how to mend it")
    func checkMode() async throws {
      try await withProgram(folder: folder) { program in
        #expect(program.stop() == 0)
      }
      try folder.write(String(decoding: folder.bytes(of: "data/keys"), as: UTF8.self), to: "data/keys", mode: 0o644)
      let run = try ProgramRun(sesame: ["check", "--data", folder.file("data")], in: folder.path)
      #expect(run.status == 1)
      #expect(run.output.contains { $0.contains("chmod 600") })
    }
  }
}
